package io.netchannel.perf.iperf3;

/** Of addresses that are used. */
public enum AddressFamily {
    ANY, IPV4, IPV6;

    static void checkPort(final int port) {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("port=" + port + " is not within 1.." + 0xFFFF);
        }
    }
}
