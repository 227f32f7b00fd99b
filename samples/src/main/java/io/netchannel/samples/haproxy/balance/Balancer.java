package io.netchannel.samples.haproxy.balance;

import io.netchannel.samples.haproxy.expression.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Chooses one of a backend's servers for a request.
 *
 * <p>Threading: the proxy's loop.
 *
 * @param <S> the server
 */
public final class Balancer<S extends Candidate> {

    private static final int PERCENT = 100;

    private final Algorithm algorithm;
    private final HashType hashType;
    private final boolean allBackups;
    private final int balanceFactor;
    private final List<S> servers;
    private final IntSupplier random;
    private final RoundRobin<S> turns = new RoundRobin<>();
    private final HashMapping<S> table = new HashMapping<>();
    private final HashRing<S> ring = new HashRing<>();
    private List<S> inUse = List.of();

    /**
     * @param balanceFactor percent of the average load that a server may have where a consistent hash chooses; 0: any
     * @param random 32 random bits, for {@code random}
     */
    public Balancer(final Algorithm algorithm, final HashType hashType, final boolean allBackups,
            final int balanceFactor, final List<S> servers, final IntSupplier random) {
        this.algorithm = algorithm;
        this.hashType = hashType;
        this.allBackups = allBackups;
        this.balanceFactor = balanceFactor;
        this.servers = servers;
        this.random = random;
        changed();
    }

    /** A server's state or weight changed, or there are others. */
    public void changed() {
        inUse = Weights.inUse(servers, allBackups);
        if (isOnRing()) {
            ring.rebuild(inUse, Weights::effective);
        } else if (algorithm.kind().isHashed() || algorithm.kind() == Algorithm.Kind.STATIC_ROUND_ROBIN) {
            table.rebuild(servers, inUse);
        } else {
            turns.forget();
        }
    }

    /** A server's weight counts for more than it did: {@code slowstart}. Turns take that as it is when they are taken. */
    public void ramped() {
        if (isOnRing()) {
            ring.rebuild(inUse, Weights::effective);
        }
    }

    private boolean isOnRing() {
        return algorithm.kind() == Algorithm.Kind.RANDOM || algorithm.kind().isHashed() && hashType.consistent();
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /** Whether any server could be chosen, were it not saturated. */
    public boolean hasServers() {
        return !inUse.isEmpty();
    }

    /**
     * @param key what is hashed; not used where nothing is
     * @param avoid a server that failed; taken only if there is no other, or a hash says so
     * @return null: none is there, or all that are have as much to do as they may
     */
    public S choose(final HashKey key, final S avoid) {
        return switch (algorithm.kind()) {
            case ROUND_ROBIN -> turns.choose(inUse, avoid);
            case STATIC_ROUND_ROBIN -> table.chooseNext(avoid);
            case LEAST_CONNECTIONS -> leastLoaded(avoid);
            case FIRST -> first(avoid);
            case RANDOM -> drawn(avoid);
            default -> hashed(key, avoid);
        };
    }

    private S hashed(final HashKey key, final S avoid) {
        if (inUse.isEmpty()) {
            return null;
        }
        final Integer hash = inUse.size() == 1 ? Integer.valueOf(0) : key.hash(algorithm, hashType.function());
        if (hash == null) {
            // haproxy's answer to a request that has nothing to hash: by turns.
            return hashType.consistent() ? ring.chooseNext(avoid) : table.chooseNext(avoid);
        }
        final int spread = hashType.avalanche() && inUse.size() > 1 ? Hashes.avalanche(hash) : hash;
        return hashType.consistent() ? ring.choose(spread, avoid, this::mayTakeMore) : table.choose(spread);
    }

    /** {@code hash-balance-factor}: the slots that all may have, dealt out by weight; what is left over as evenly as can be. */
    private boolean mayTakeMore(final S server) {
        if (balanceFactor == 0) {
            return true;
        }
        long served = 1;
        long total = 0;
        long before = 0;
        for (final S other : inUse) {
            before = other == server ? total : before;
            total += Weights.effective(other);
            served += other.served();
        }
        final long all = (served * balanceFactor + PERCENT - 1) / PERCENT;
        final long weight = Weights.effective(server);
        final long rest = all % total;
        final long slots = weight * (all / total) + (before + weight) * rest / total - before * rest / total;
        return server.served() < Math.max(slots, 1);
    }

    private S leastLoaded(final S avoid) {
        S best = null;
        long bestLoad = 0;
        for (int i = 0; i < inUse.size(); i++) {
            final S server = inUse.get(i);
            if (server == avoid || server.isSaturated()) {
                continue;
            }
            final long load = (long) (server.served() + server.queued()) << 20;
            final long relative = load / Weights.effective(server);
            if (best == null || relative < bestLoad) {
                best = server;
                bestLoad = relative;
            }
        }
        if (best != null) {
            // Equal loads take turns, or all that is quick would go to the first.
            inUse = rotated(best);
        }
        return best == null ? Weights.lastResort(inUse, avoid) : best;
    }

    private List<S> rotated(final S last) {
        if (inUse.size() < 2) {
            return inUse;
        }
        final List<S> order = new ArrayList<>(inUse);
        order.remove(last);
        order.add(last);
        return order;
    }

    private S first(final S avoid) {
        S best = null;
        for (final S server : inUse) {
            if (server != avoid && (best == null || server.id() < best.id()) && !server.isSaturated()) {
                best = server;
            }
        }
        return best == null ? Weights.lastResort(inUse, avoid) : best;
    }

    private S drawn(final S avoid) {
        S best = null;
        for (int i = 0; i < algorithm.draws(); i++) {
            final S server = ring.choose(random.getAsInt(), avoid, this::mayTakeMore);
            if (server == null) {
                return null;
            }
            if (best == null || (long) server.served() * Weights.effective(best) <= (long) best.served()
                    * Weights.effective(server)) {
                best = server;
            }
        }
        return best.isSaturated() ? null : best;
    }
}
