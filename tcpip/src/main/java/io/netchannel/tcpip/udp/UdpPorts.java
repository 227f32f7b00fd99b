package io.netchannel.tcpip.udp;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.function.Consumer;

/** Sockets by local port, in lists that are short: connected ones have ports of their own. Confined to one thread. */
final class UdpPorts {

    private static final int PAGE_PORTS = 256;

    private final UdpSocket[][] pages = new UdpSocket[65536 / PAGE_PORTS][];

    UdpSocket first(final int port) {
        final UdpSocket[] page = pages[port / PAGE_PORTS];
        return page == null ? null : page[port % PAGE_PORTS];
    }

    /** The socket that a datagram fits best, or null. */
    UdpSocket find(final long toHigh, final long toLow, final int toPort, final long fromHigh, final long fromLow,
            final int fromPort) {
        UdpSocket best = null;
        int bestScore = 0;
        for (UdpSocket socket = first(toPort); socket != null; socket = socket.next) {
            final int score = socket.score(toHigh, toLow, fromHigh, fromLow, fromPort);
            if (score > bestScore) {
                best = socket;
                bestScore = score;
            }
        }
        return best;
    }

    void add(final UdpSocket socket) {
        final int port = socket.localPort;
        UdpSocket[] page = pages[port / PAGE_PORTS];
        if (page == null) {
            page = new UdpSocket[PAGE_PORTS];
            pages[port / PAGE_PORTS] = page;
        }
        socket.next = page[port % PAGE_PORTS];
        page[port % PAGE_PORTS] = socket;
    }

    void remove(final UdpSocket socket) {
        final UdpSocket[] page = pages[socket.localPort / PAGE_PORTS];
        final int slot = socket.localPort % PAGE_PORTS;
        if (page[slot] == socket) {
            page[slot] = socket.next;
            return;
        }
        UdpSocket before = page[slot];
        while (before.next != socket) {
            before = before.next;
        }
        before.next = socket.next;
    }

    /** An unconnected socket whose address overlaps and that doesn't share its port with such a one, or null. */
    UdpSocket boundTo(final long high, final long low, final int port, final boolean shared) {
        for (UdpSocket socket = first(port); socket != null; socket = socket.next) {
            if (!socket.isConnected() && !(shared && socket.shared)
                    && overlap(socket.localHigh, socket.localLow, high, low)) {
                return socket;
            }
        }
        return null;
    }

    private static boolean overlap(final long high, final long low, final long otherHigh, final long otherLow) {
        final boolean any = high == 0 && low == 0 || otherHigh == 0 && otherLow == 0;
        final boolean anyIpv4 = (IpAddress.isUnspecified(high, low) || IpAddress.isUnspecified(otherHigh, otherLow))
                && IpAddress.isIpv4(high, low) && IpAddress.isIpv4(otherHigh, otherLow);
        return any || anyIpv4 || high == otherHigh && low == otherLow;
    }

    /** The connected socket of exactly this flow, or null. */
    UdpSocket connected(final long high, final long low, final int port, final long remoteHigh, final long remoteLow,
            final int remotePort) {
        for (UdpSocket socket = first(port); socket != null; socket = socket.next) {
            if (socket.isConnected() && socket.remotePort == remotePort && socket.remoteLow == remoteLow
                    && socket.remoteHigh == remoteHigh && socket.localLow == low && socket.localHigh == high) {
                return socket;
            }
        }
        return null;
    }

    void forEach(final Consumer<UdpSocket> action) {
        for (final UdpSocket[] page : pages) {
            for (int i = 0; page != null && i < PAGE_PORTS; i++) {
                for (UdpSocket socket = page[i]; socket != null; socket = socket.next) {
                    action.accept(socket);
                }
            }
        }
    }

    UdpSocket any() {
        for (final UdpSocket[] page : pages) {
            for (int i = 0; page != null && i < PAGE_PORTS; i++) {
                if (page[i] != null) {
                    return page[i];
                }
            }
        }
        return null;
    }
}
