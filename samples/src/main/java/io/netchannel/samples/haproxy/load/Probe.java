package io.netchannel.samples.haproxy.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One request over the kernel's sockets, to see whether somebody answers as expected. */
final class Probe {

    private static final int TIMEOUT_MILLIS = 1000;
    private static final String HEAD_END = "\r\n\r\n";

    private Probe() {
    }

    /** Whether the response is 200, and as long as it must be. */
    static boolean isAnswered(final InetSocketAddress address, final LoadProfile profile) {
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(("GET " + LoadProfile.RESOURCE + " HTTP/1.1\r\nHost: "
                    + address.getHostString() + "\r\nConnection: close" + HEAD_END).getBytes(
                            StandardCharsets.ISO_8859_1));
            final InputStream in = socket.getInputStream();
            final String response = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return response.startsWith("HTTP/1.1 200 ")
                    && response.length() == response.indexOf(HEAD_END) + HEAD_END.length() + profile.bodyBytes();
        } catch (final IOException e) {
            return false;
        }
    }
}
