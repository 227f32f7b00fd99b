package io.netchannel.tcpip.tcp;

import java.util.function.Consumer;

/**
 * The listeners of a stack, by port.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Listeners {

    private static final int BUCKETS = 256;

    private final TcpListener[] buckets = new TcpListener[BUCKETS];

    private static int bucket(final int port) {
        return port & BUCKETS - 1;
    }

    /** @return false if there is one for exactly the same */
    boolean add(final TcpListener listener) {
        final int bucket = bucket(listener.localPort());
        for (TcpListener at = buckets[bucket]; at != null; at = at.nextInBucket) {
            if (at.isFor(listener.localHigh(), listener.localLow(), listener.localPort())) {
                return false;
            }
        }
        listener.nextInBucket = buckets[bucket];
        buckets[bucket] = listener;
        return true;
    }

    /** Whether one takes what would be another's at this address. */
    boolean isTaken(final long high, final long low, final int port) {
        for (TcpListener at = buckets[bucket(port)]; at != null; at = at.nextInBucket) {
            if (at.overlaps(high, low, port)) {
                return true;
            }
        }
        return false;
    }

    void remove(final TcpListener listener) {
        final int bucket = bucket(listener.localPort());
        if (buckets[bucket] == listener) {
            buckets[bucket] = listener.nextInBucket;
            return;
        }
        for (TcpListener at = buckets[bucket]; at != null; at = at.nextInBucket) {
            if (at.nextInBucket == listener) {
                at.nextInBucket = listener.nextInBucket;
                return;
            }
        }
    }

    /** The most specific one for a SYN, or null. */
    TcpListener find(final TcpSegment syn) {
        TcpListener best = null;
        for (TcpListener at = buckets[bucket(syn.destinationPort())]; at != null; at = at.nextInBucket) {
            if (at.matches(syn.destinationHigh(), syn.destinationLow(), syn.destinationPort())
                    && (best == null || at.specificity() > best.specificity())) {
                best = at;
            }
        }
        return best;
    }

    void forEach(final Consumer<TcpListener> action) {
        for (final TcpListener first : buckets) {
            for (TcpListener at = first; at != null; at = at.nextInBucket) {
                action.accept(at);
            }
        }
    }

    void closeAll() {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            while (buckets[bucket] != null) {
                buckets[bucket].close();
            }
        }
    }
}
