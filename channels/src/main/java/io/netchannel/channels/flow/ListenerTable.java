package io.netchannel.channels.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Who listens: flows of which only the local side is known, and even that not always in full.
 *
 * <p>Several loops may listen to the same thing; their packets are then spread by {@link RssIndirection}. Of several
 * listeners that match, the most specific one is taken: one of this local address, then of any IPv4 address, then of
 * any at all; among these one of this VLAN, then of any.
 *
 * <p>Threading: {@link #find}: any thread, never waits; {@link #listen} and {@link #unlisten}: any thread, one at a
 * time.
 */
public final class ListenerTable {

    /** VLAN of a listener that takes packets without a tag and of every VLAN, but of no service VLAN (802.1ad). */
    public static final int ANY_VLAN = -1;

    /**
     * A listener.
     *
     * @param id never used again
     * @param protocol {@link FlowKey#TCP} or {@link FlowKey#UDP}
     * @param localHigh with {@code localLow}: the local address; 0 and 0 for any, 0 and {@code FlowKey.v4Mapped(0)} for
     *            any
     *            of IPv4
     * @param localLow see {@code localHigh}
     * @param localPort 1..65535
     * @param vlanId as in {@link FlowKey}, 0 for packets without a tag, {@link #ANY_VLAN} for all
     * @param loops bit i for loop i
     */
    public record Listener(int id, int protocol, long localHigh, long localLow, int localPort, int vlanId, long loops) {

        private boolean matches(final FlowKey key) {
            return matchesVlan(key.vlanId()) && matchesAddress(key);
        }

        private boolean matchesVlan(final int vlan) {
            return vlanId == ANY_VLAN ? vlan <= HeaderLayout.VLAN_ID_MASK : vlanId == vlan;
        }

        private boolean matchesAddress(final FlowKey key) {
            return localLow == key.localLow() && localHigh == key.localHigh() || isAnyAddress()
                    || isAnyIpv4() && key.isIpv4();
        }

        private boolean isAnyAddress() {
            return localHigh == 0 && localLow == 0;
        }

        private boolean isAnyIpv4() {
            return localHigh == 0 && localLow == FlowKey.v4Mapped(0);
        }

        private int specificity() {
            final int ofAddress = isAnyAddress() ? 0 : isAnyIpv4() ? 1 : 2;
            return 2 * ofAddress + (vlanId == ANY_VLAN ? 0 : 1);
        }

        private int portKey() {
            return portKeyOf(protocol, localPort);
        }

        private static int portKeyOf(final int protocol, final int port) {
            return protocol << 16 | port;
        }

        private Listener withLoops(final long set) {
            return new Listener(id, protocol, localHigh, localLow, localPort, vlanId, set);
        }

        private boolean isFor(final int wantedProtocol, final long high, final long low, final int port,
                final int vlan) {
            return protocol == wantedProtocol && localHigh == high && localLow == low && localPort == port
                    && vlanId == vlan;
        }
    }

    /** Listeners by protocol and port, the most specific first; {@code index} is open addressed: position + 1, or 0. */
    private record Snapshot(Listener[] listeners, int[] index) {
    }

    private static final VarHandle SNAPSHOT;

    static {
        try {
            SNAPSHOT = MethodHandles.lookup().findVarHandle(ListenerTable.class, "snapshot", Snapshot.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Object writers = new Object();
    private int nextId;
    // All there is, for writers too. A Java reference and not words in OrderedMemory: readers are threads of this JVM, and
    // the collector reclaims a snapshot when the last reader has left it, which would otherwise have to be proved.
    private Snapshot snapshot;

    public ListenerTable() {
        publish(List.of());
    }

    /**
     * Adds a loop to those that listen. Parameters as in {@link Listener}.
     *
     * @return the listener's id: the same for all loops that listen to the same
     * @throws IllegalArgumentException if a parameter is out of range
     */
    public int listen(final int protocol, final long localHigh, final long localLow, final int localPort,
            final int vlanId, final int loop) {
        if (localPort < 1 || localPort > 0xFFFF || protocol < 0 || protocol > 0xFF || vlanId < ANY_VLAN
                || vlanId > 0xFF_FFFF || loop < 0 || loop >= RssIndirection.MAX_LOOPS) {
            throw new IllegalArgumentException("protocol=" + protocol + " localPort=" + localPort + " vlanId=" + vlanId
                    + " loop=" + loop + ": one is out of range");
        }
        synchronized (writers) {
            final List<Listener> listeners = current();
            final int at = position(listeners, protocol, localHigh, localLow, localPort, vlanId);
            final Listener listener;
            if (at >= 0) {
                listener = listeners.get(at).withLoops(listeners.get(at).loops() | 1L << loop);
                listeners.set(at, listener);
            } else {
                listener = new Listener(nextId++, protocol, localHigh, localLow, localPort, vlanId, 1L << loop);
                listeners.add(listener);
            }
            publish(listeners);
            return listener.id();
        }
    }

    /** The loop listens no more; the listener goes with the last one. @return false if the loop did not listen */
    public boolean unlisten(final int protocol, final long localHigh, final long localLow, final int localPort,
            final int vlanId, final int loop) {
        synchronized (writers) {
            final List<Listener> listeners = current();
            final int at = position(listeners, protocol, localHigh, localLow, localPort, vlanId);
            if (at < 0 || (listeners.get(at).loops() >>> loop & 1) == 0) {
                return false;
            }
            final long rest = listeners.get(at).loops() & ~(1L << loop);
            if (rest == 0) {
                listeners.remove(at);
            } else {
                listeners.set(at, listeners.get(at).withLoops(rest));
            }
            publish(listeners);
            return true;
        }
    }

    /** The listener for packets of this flow, or null. Reads the local side, the protocol and the VLAN of the key. */
    public Listener find(final FlowKey key) {
        // Pairs with the release in publish(): without it the arrays could be seen before what was put into them.
        // Essay 2.
        final Snapshot current = (Snapshot) SNAPSHOT.getAcquire(this);
        final Listener[] all = current.listeners();
        final int[] index = current.index();
        final int portKey = Listener.portKeyOf(key.protocol(), key.localPort());
        for (int i = home(portKey, index.length); index[i] != 0; i = i + 1 & index.length - 1) {
            final int first = index[i] - 1;
            if (all[first].portKey() == portKey) {
                return mostSpecific(all, first, key);
            }
        }
        return null;
    }

    private static Listener mostSpecific(final Listener[] all, final int first, final FlowKey key) {
        final int portKey = all[first].portKey();
        for (int i = first; i < all.length && all[i].portKey() == portKey; i++) {
            if (all[i].matches(key)) {
                return all[i];
            }
        }
        return null;
    }

    public int size() {
        return ((Snapshot) SNAPSHOT.getAcquire(this)).listeners().length;
    }

    private List<Listener> current() {
        return new ArrayList<>(List.of(((Snapshot) SNAPSHOT.getAcquire(this)).listeners()));
    }

    private static int position(final List<Listener> listeners, final int protocol, final long high, final long low,
            final int port, final int vlanId) {
        for (int i = 0; i < listeners.size(); i++) {
            if (listeners.get(i).isFor(protocol, high, low, port, vlanId)) {
                return i;
            }
        }
        return -1;
    }

    private void publish(final List<Listener> listeners) {
        final Listener[] sorted = listeners.toArray(Listener[]::new);
        Arrays.sort(sorted, Comparator.comparingInt(Listener::portKey)
                .thenComparing(Comparator.comparingInt(Listener::specificity).reversed()));
        // At most half full, and never full: each search ends at a zero.
        final int[] index = new int[Integer.highestOneBit(Math.max(2, sorted.length)) << 2];
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i].portKey() != sorted[i - 1].portKey()) {
                int at = home(sorted[i].portKey(), index.length);
                while (index[at] != 0) {
                    at = at + 1 & index.length - 1;
                }
                index[at] = i + 1;
            }
        }
        // Pairs with the acquire in find(). Essay 2.
        SNAPSHOT.setRelease(this, new Snapshot(sorted, index));
    }

    private static int home(final int portKey, final int length) {
        return portKey * 0x9E37_79B9 >>> Integer.numberOfLeadingZeros(length) + 1;
    }
}
