package io.netchannel.samples.interop;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A web server that answers everything with its own name: a process of its own, with the kernel's sockets. */
final class KernelWebServer {

    private KernelWebServer() {
    }

    /** The line that starts it; it prints {@code listening} when it does. */
    static String[] commandLine(final String host, final int port, final String name) {
        return new String[]{Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
            KernelWebServer.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
            KernelWebServer.class.getName(), host, String.valueOf(port), name};
    }

    public static void main(final String[] args) throws IOException {
        final HttpServer server = HttpServer.create(new InetSocketAddress(args[0], Integer.parseInt(args[1])), 128);
        final byte[] name = args[2].getBytes(StandardCharsets.US_ASCII);
        server.createContext("/", exchange -> {
            // A query is the time to think, in milliseconds.
            if ("/slow".equals(exchange.getRequestURI().getPath())) {
                System.out.println("slow");
                LockSupport.parkNanos(Long.parseLong(exchange.getRequestURI().getQuery()) * 1_000_000);
            }
            exchange.sendResponseHeaders(200, name.length);
            exchange.getResponseBody().write(name);
            exchange.close();
        });
        server.start();
        System.out.println("listening");
    }
}
