package io.netchannel.tcpip.autoconf;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.autoconf.InterfaceEvent.DnsChanged;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.NdpOptionLayout;
import io.netchannel.tcpip.wire.NetworkOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Name servers and search list from router advertisements (RFC 8106), each as long as it was advertised for.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class DnsAdvertisements {

    /** RFC 8106, 5.3.1 calls three enough. */
    static final int MAX_SERVERS = 8;
    static final int MAX_DOMAINS = 8;

    private static final int ADDRESS_BYTES = 16;
    /** RFC 1035, 2.3.4, as text. */
    private static final int MAX_NAME_CHARS = 253;
    private static final int MAX_LABEL_BYTES = 63;

    private final Map<IpAddress, Long> servers = new LinkedHashMap<>();
    private final Map<String, Long> domains = new LinkedHashMap<>();
    private final InterfaceChanges changes;
    private final TimerWheel timers;
    private final Counters counters;
    private final Timer expiry = new Expiry();
    private DnsChanged told = new DnsChanged(List.of(), List.of());

    DnsAdvertisements(final InterfaceChanges changes, final TimerWheel timers, final Counters counters) {
        this.changes = changes;
        this.timers = timers;
        this.counters = counters;
    }

    void close() {
        timers.cancel(expiry);
    }

    /** RFC 8106, 5.1. @return false if the option is malformed */
    boolean onServers(final OrderedMemory memory, final long option, final long lifetimeNs, final long nowNs) {
        final int listBytes = NdpOptionLayout.lengthBytes(memory, option) - NdpOptionLayout.DNS_OFFSET;
        if (listBytes < ADDRESS_BYTES || listBytes % ADDRESS_BYTES != 0) {
            return false;
        }
        for (int at = 0; at < listBytes; at += ADDRESS_BYTES) {
            final long address = option + NdpOptionLayout.DNS_OFFSET + at;
            final long high = NetworkOrder.getLong(memory, address);
            final long low = NetworkOrder.getLong(memory, address + 8);
            if (!IpAddress.isUnspecified(high, low) && !IpAddress.isMulticast(high, low)
                    && !IpAddress.isIpv4(high, low)) {
                put(servers, new IpAddress(high, low), lifetimeNs, MAX_SERVERS, nowNs);
            }
        }
        return true;
    }

    /** RFC 8106, 5.2. @return false if the option is malformed */
    boolean onSearchList(final OrderedMemory memory, final long option, final long lifetimeNs, final long nowNs) {
        final int endBytes = NdpOptionLayout.lengthBytes(memory, option);
        final StringBuilder name = new StringBuilder();
        int at = NdpOptionLayout.DNS_OFFSET;
        while (at < endBytes) {
            final int labelBytes = NetworkOrder.getByte(memory, option + at);
            at++;
            if (labelBytes == 0) {
                if (!name.isEmpty()) {
                    put(domains, name.toString(), lifetimeNs, MAX_DOMAINS, nowNs);
                    name.setLength(0);
                }
                continue;
            }
            if (labelBytes > MAX_LABEL_BYTES || at + labelBytes > endBytes
                    || name.length() + 1 + labelBytes > MAX_NAME_CHARS) {
                return false;
            }
            name.append(name.isEmpty() ? "" : ".");
            for (int i = 0; i < labelBytes; i++) {
                final char c = (char) NetworkOrder.getByte(memory, option + at + i);
                // The text goes into configuration and queries: nothing that anything could take for more than a name.
                if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                    return false;
                }
                name.append(Character.toLowerCase(c));
            }
            at += labelBytes;
        }
        return name.isEmpty();
    }

    private <T> void put(final Map<T, Long> map, final T key, final long lifetimeNs, final int max,
            final long nowNs) {
        if (lifetimeNs == 0) {
            map.remove(key);
        } else if (map.containsKey(key) || map.size() < max) {
            map.put(key, Slaac.after(nowNs, lifetimeNs));
        } else {
            counters.increment(Counter.NDP_ADVERTISED_TOO_MUCH);
        }
    }

    /** Tells what has changed since the last call. */
    void tell() {
        final DnsChanged now = new DnsChanged(List.copyOf(servers.keySet()), List.copyOf(domains.keySet()));
        if (!now.equals(told)) {
            told = now;
            changes.publish(now);
        }
        long nextNs = ManagedAddress.FOREVER;
        for (final long untilNs : servers.values()) {
            nextNs = Math.min(nextNs, untilNs);
        }
        for (final long untilNs : domains.values()) {
            nextNs = Math.min(nextNs, untilNs);
        }
        timers.schedule(expiry, nextNs);
    }

    private final class Expiry extends Timer {

        @Override
        protected void expire(final long nowNs) {
            servers.values().removeIf(untilNs -> untilNs <= nowNs);
            domains.values().removeIf(untilNs -> untilNs <= nowNs);
            tell();
        }
    }
}
