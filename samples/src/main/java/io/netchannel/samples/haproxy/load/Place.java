package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Where processes run and reach one another.
 *
 * @param namespace of the network, or null for this process's
 * @param backendHost as the proxy reaches it
 * @param backendBind where it listens: its address may come later
 */
record Place(String namespace, String proxyHost, int proxyPort, String backendHost, String backendBind,
        int backendPort) {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int PROXY_PORT = 8080;
    private static final int BACKEND_PORT = 8081;

    /** On this host's loopback interface, at free ports. */
    static Place loopback() {
        try (ServerSocket first = free(); ServerSocket second = free()) {
            return new Place(null, LOOPBACK, first.getLocalPort(), LOOPBACK, LOOPBACK, second.getLocalPort());
        } catch (final IOException e) {
            throw new LoadFailure("no free port: " + e.getMessage(), e);
        }
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 0, InetAddress.getByName(LOOPBACK));
    }

    /** In a namespace, where nobody else has a port. */
    static Place inside(final String namespace, final String proxyHost, final String backendHost) {
        return new Place(namespace, proxyHost, PROXY_PORT, backendHost, "0.0.0.0", BACKEND_PORT);
    }

    /** The command line that runs {@code line} there. */
    List<String> line(final List<String> line) {
        if (namespace == null) {
            return line;
        }
        // It becomes the program, so its process is the program's.
        final List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(line);
        return all;
    }

    /** Does a task there. */
    <T> T call(final Callable<T> task) {
        try {
            return namespace == null ? task.call() : NamespaceThread.call(namespace, task);
        } catch (final Exception e) {
            throw LoadFailure.of(e);
        }
    }

    InetSocketAddress proxyAddress() {
        return new InetSocketAddress(proxyHost, proxyPort);
    }

    /** The backend, as those beside it reach it, also before its address is there. */
    InetSocketAddress localBackend() {
        return new InetSocketAddress(LOOPBACK, backendPort);
    }
}
