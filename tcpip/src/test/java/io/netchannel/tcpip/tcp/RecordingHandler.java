package io.netchannel.tcpip.tcp;

import io.netchannel.cpu.HostMemory;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Notes what it is told, and consumes as much as it is allowed to. */
class RecordingHandler implements TcpHandler {

    final List<String> events = new ArrayList<>();
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    TcpFlow flow;
    TcpCloseReason reason;
    int appetite = Integer.MAX_VALUE;
    RuntimeException failure;
    /** What is called back first. */
    Consumer<TcpFlow> receiving = from -> {
    };
    private final Set<TcpFlow> ended = new HashSet<>();
    private final Set<TcpFlow> closed = new HashSet<>();

    @Override
    public void onConnected(final TcpFlow connected) {
        flow = connected;
        events.add("connected");
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        if (ended.contains(from)) {
            throw new AssertionError("data after " + events);
        }
        receiving.accept(from);
        final int taken = Math.min(lengthBytes, appetite);
        final byte[] bytes = new byte[taken];
        HostMemory.INSTANCE.copyToArray(address, bytes, 0, taken);
        received.write(bytes, 0, taken);
        if (appetite != Integer.MAX_VALUE) {
            appetite -= taken;
        }
        return taken;
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        ended.add(from);
        events.add("finished");
    }

    @Override
    public void onWritable(final TcpFlow to) {
        events.add("writable");
    }

    @Override
    public void onClosed(final TcpFlow gone, final TcpCloseReason why) {
        if (!closed.add(gone)) {
            throw new AssertionError("closed twice: " + reason + ", " + why);
        }
        ended.add(gone);
        reason = why;
        events.add("closed");
    }

    @Override
    public void onFailure(final TcpFlow from, final RuntimeException thrown) {
        failure = thrown;
    }
}
