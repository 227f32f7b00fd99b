package io.netchannel.samples.haproxy.balance;

import io.netchannel.samples.haproxy.expression.Hashes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * {@code hash-type consistent} and {@code random}: each server stands at as many places of a ring of 2^32 as its weight says,
 * so that when one goes only its own keys move.
 */
final class HashRing<S extends Candidate> {

    /** SRV_EWGHT_RANGE: places of one server are numbered from its id times this. */
    private static final int PLACES_PER_SERVER = 256 * Weights.SCALE;

    /** @param key of 32 bits, unsigned */
    private record Place<S>(long key, S server) {
    }

    private List<Place<S>> places = List.of();
    private int turn = -1;

    void rebuild(final List<S> inUse, final ToIntFunction<S> weights) {
        final List<Place<S>> ring = new ArrayList<>();
        for (final S server : inUse) {
            final int count = weights.applyAsInt(server);
            for (int i = 0; i < count; i++) {
                ring.add(new Place<>(Integer.toUnsignedLong(Hashes.avalanche(server.id() * PLACES_PER_SERVER + i)),
                        server));
            }
        }
        ring.sort(Comparator.comparingLong(Place::key));
        places = ring;
        turn = -1;
    }

    /** The server nearest to {@code hash}, on either side; from there the next that may take more, if any may. */
    S choose(final int hash, final S avoid, final Predicate<S> mayTakeMore) {
        if (places.isEmpty()) {
            return null;
        }
        final long key = Integer.toUnsignedLong(hash);
        int at = firstAtOrAfter(key);
        final int before = (at == 0 ? places.size() : at) - 1;
        at = at == places.size() ? 0 : at;
        final int fromBefore = hash - (int) places.get(before).key();
        final int toNext = (int) places.get(at).key() - hash;
        if (Integer.compareUnsigned(fromBefore, toNext) <= 0) {
            at = before;
        }
        for (int i = 0; i < places.size() && (places.get(at).server() == avoid
                || !mayTakeMore.test(places.get(at).server())); i++) {
            at = at + 1 == places.size() ? 0 : at + 1;
        }
        return places.get(at).server();
    }

    /** Where no hash can be had: the next on the ring that isn't saturated. */
    S chooseNext(final S avoid) {
        S avoided = null;
        for (int i = 0; i < places.size(); i++) {
            turn = turn + 1 >= places.size() ? 0 : turn + 1;
            final S server = places.get(turn).server();
            if (!server.isSaturated()) {
                if (server != avoid) {
                    return server;
                }
                avoided = server;
            }
        }
        return avoided;
    }

    private int firstAtOrAfter(final long key) {
        int from = 0;
        int to = places.size();
        while (from < to) {
            final int middle = (from + to) >>> 1;
            if (places.get(middle).key() < key) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
