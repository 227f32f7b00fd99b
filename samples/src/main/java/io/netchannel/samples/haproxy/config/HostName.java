package io.netchannel.samples.haproxy.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, as it was when it was first asked for: who resolves it may wait for long. */
public final class HostName {

    private static final class Known {

        private static final String NAME = resolve();

        private static String resolve() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (final UnknownHostException e) {
                return "localhost";
            }
        }
    }

    private HostName() {
    }

    /** {@code localhost} if it has none. */
    public static String get() {
        return Known.NAME;
    }

    /** What {@code node} of the configuration says, else this machine's name. */
    public static String node(final GlobalSettings global) {
        final String given = global.get(GlobalOptions.NODE);
        return given == null ? get() : given;
    }
}
