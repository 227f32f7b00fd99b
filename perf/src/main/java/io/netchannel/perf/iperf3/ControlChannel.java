package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.cpu.HostMemory;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The control connection, behind the cookie: states of one byte, and JSON documents behind a length of four bytes when one
 * is expected. A document's memory grows with what has come, up to a limit, not with what its length says.
 *
 * <p>Threading: on the loop of its flow.
 */
final class ControlChannel implements TcpHandler {

    /** With a server's output in it. */
    static final int MAX_JSON_BYTES = 1 << 20;

    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final int ERROR_BYTES = 2 * Integer.BYTES;

    /** Who is told. */
    interface Peer {

        void onConnected(TcpFlow flow);

        void onState(int state);

        void onJson(JsonNode json);

        /** @param error iperf3's number, or an errno if that is 0 */
        void onServerError(int error, int errno);

        /** The connection is lost, or what came is no message of iperf3; last. */
        void onLost(String why);
    }

    private enum Expected {
        STATE, LENGTH, JSON, ERROR
    }

    private final Peer peer;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream(64);
    private final ArrayDeque<byte[]> unsent = new ArrayDeque<>();
    private TcpFlow flow;
    private Expected expected = Expected.STATE;
    private int wantedBytes;
    private boolean closing;

    ControlChannel(final Peer peer) {
        this.peer = peer;
    }

    @Override
    public void onConnected(final TcpFlow connected) {
        flow = connected;
        flow.noDelay(true);
        flow.keepAlive(true);
        peer.onConnected(flow);
    }

    TcpFlow flow() {
        return flow;
    }

    // -- in

    /** The next message is a document, and not a state. */
    void expectJson() {
        expect(Expected.LENGTH, Integer.BYTES);
    }

    private void expect(final Expected next, final int bytes) {
        expected = next;
        wantedBytes = bytes;
        gathered.reset();
    }

    @Override
    public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
        int taken = 0;
        while (taken < lengthBytes && flow.isOpen() && !closing) {
            if (expected == Expected.STATE) {
                final int state = HostMemory.INSTANCE.getByte(address + taken);
                taken++;
                if (state == State.SERVER_ERROR) {
                    expect(Expected.ERROR, ERROR_BYTES);
                } else {
                    peer.onState(state);
                }
            } else {
                taken += gather(address + taken, lengthBytes - taken);
            }
        }
        return flow.isOpen() && !closing ? taken : lengthBytes;
    }

    private int gather(final long address, final int available) {
        final int length = Math.min(wantedBytes - gathered.size(), available);
        final byte[] piece = new byte[length];
        HostMemory.INSTANCE.copyToArray(address, piece, 0, length);
        gathered.write(piece, 0, length);
        if (gathered.size() == wantedBytes) {
            complete(gathered.toByteArray());
        }
        return length;
    }

    private void complete(final byte[] message) {
        switch (expected) {
            case LENGTH -> {
                final int length = ByteBuffer.wrap(message).getInt();
                if (length < 2 || length > MAX_JSON_BYTES) {
                    fail("sends a document of " + Integer.toUnsignedString(length) + " bytes > MAX=" + MAX_JSON_BYTES);
                } else {
                    expect(Expected.JSON, length);
                }
            }
            case JSON -> {
                expect(Expected.STATE, 1);
                parse(message);
            }
            case ERROR -> {
                expect(Expected.STATE, 1);
                final ByteBuffer words = ByteBuffer.wrap(message);
                peer.onServerError(words.getInt(), words.getInt());
            }
            case STATE -> throw new IllegalStateException("a state is not gathered");
        }
    }

    private void parse(final byte[] message) {
        final JsonNode json;
        try {
            json = MAPPER.readTree(message);
        } catch (final IOException e) {
            fail("sends what is no JSON");
            return;
        }
        if (json.isObject()) {
            peer.onJson(json);
        } else {
            fail("sends JSON that is no object");
        }
    }

    // -- out

    void send(final int state) {
        write(new byte[]{(byte) state});
    }

    /** @param error iperf3's number */
    void sendError(final int error, final int errno) {
        write(ByteBuffer.allocate(1 + ERROR_BYTES).put((byte) State.SERVER_ERROR).putInt(error).putInt(errno).array());
    }

    void send(final JsonNode json) {
        try {
            final byte[] text = MAPPER.writeValueAsBytes(json);
            write(ByteBuffer.allocate(Integer.BYTES + text.length).putInt(text.length).put(text).array());
        } catch (final JsonProcessingException impossible) {
            throw new IllegalStateException("a tree can be written", impossible);
        }
    }

    void write(final byte[] bytes) {
        unsent.add(bytes);
        flush();
    }

    private void flush() {
        while (!unsent.isEmpty() && flow.isOpen()) {
            final byte[] first = unsent.remove();
            final int written = flow.write(first, 0, first.length);
            if (written < first.length) {
                unsent.addFirst(Arrays.copyOfRange(first, written, first.length));
                return;
            }
        }
    }

    @Override
    public void onWritable(final TcpFlow to) {
        flush();
    }

    // -- the end

    /** Ends it in peace; the peer is told nothing more. */
    void close() {
        closing = true;
        flow.close();
    }

    void fail(final String what) {
        if (!closing) {
            closing = true;
            flow.abort();
            peer.onLost(what);
        }
    }

    @Override
    public void onPeerFinished(final TcpFlow from) {
        if (!closing) {
            closing = true;
            flow.close();
            peer.onLost("has closed the control connection");
        }
    }

    @Override
    public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
        if (!closing) {
            closing = true;
            peer.onLost(switch (reason) {
                case REFUSED -> "Connection refused";
                case UNREACHABLE -> "No route to host";
                case TIMED_OUT -> "Connection timed out";
                case RESET -> "Connection reset by peer";
                default -> "the control connection ended: " + reason;
            });
        }
    }
}
