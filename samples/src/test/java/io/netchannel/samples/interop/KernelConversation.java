package io.netchannel.samples.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.zip.CRC32;
import jdk.net.ExtendedSocketOptions;

/** One end of a {@link Conversation} on the kernel's sockets. */
final class KernelConversation {

    private final Socket socket;
    private final List<Conversation.Step> steps;
    private int received;
    private boolean failed;
    private boolean aborted;

    private KernelConversation(final Socket socket, final List<Conversation.Step> steps) {
        this.socket = socket;
        this.steps = steps;
    }

    static String connect(final String host, final int port, final String steps) throws Exception {
        return new KernelConversation(new Socket(host, port), Conversation.parse(steps)).run();
    }

    static String accept(final String host, final int port, final String steps) throws Exception {
        try (ServerSocket server = new ServerSocket(port, 8, InetAddress.getByName(host))) {
            System.out.println("listening");
            return new KernelConversation(server.accept(), Conversation.parse(steps)).run();
        }
    }

    private String run() throws Exception {
        // A RST is sent once: the end that a lost one was for finds out by itself.
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
        final Thread writer = Thread.ofPlatform().start(this::write);
        final CRC32 crc = new CRC32();
        final byte[] piece = new byte[65_536];
        String end = "finished";
        try {
            for (int n; (n = socket.getInputStream().read(piece)) >= 0;) {
                crc.update(piece, 0, n);
                synchronized (this) {
                    received += n;
                    notifyAll();
                }
            }
        } catch (final IOException reset) {
            end = "reset";
            synchronized (this) {
                failed = true;
                notifyAll();
            }
        }
        writer.join();
        if (aborted) {
            end = "aborted";
        }
        socket.close();
        return received + " " + Long.toHexString(crc.getValue()) + " " + end;
    }

    private void write() {
        int sent = 0;
        try {
            for (final Conversation.Step step : steps) {
                if (!await(step.afterReceived())) {
                    return;
                }
                switch (step.action()) {
                    case SEND -> {
                        final byte[] bytes = new byte[step.bytes()];
                        for (int i = 0; i < bytes.length; i++) {
                            bytes[i] = Conversation.pattern(sent + i);
                        }
                        socket.getOutputStream().write(bytes);
                        sent += bytes.length;
                    }
                    case SHUTDOWN -> socket.shutdownOutput();
                    case ABORT -> {
                        aborted = true;
                        socket.setSoLinger(true, 0);
                        socket.close();
                    }
                }
            }
        } catch (final IOException | InterruptedException e) {
            // The reader sees it too.
        }
    }

    private synchronized boolean await(final int bytes) throws InterruptedException {
        while (received < bytes && !failed) {
            wait();
        }
        return received >= bytes;
    }
}
