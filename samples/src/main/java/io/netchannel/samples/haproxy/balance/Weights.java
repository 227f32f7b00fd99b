package io.netchannel.samples.haproxy.balance;

import java.util.List;

/** Which servers stand to choice now, by weights on a common scale: the active ones, else one backup or all of them. */
final class Weights {

    /** Parts of a weight, so that slowstart and percentages have effect (BE_WEIGHT_SCALE). */
    static final int SCALE = 16;

    private Weights() {
    }

    static <S extends Candidate> List<S> inUse(final List<S> servers, final boolean allBackups) {
        final List<S> active = servers.stream().filter(s -> s.isUsable() && !s.isBackup()).toList();
        if (!active.isEmpty()) {
            return active;
        }
        final List<S> backups = servers.stream().filter(s -> s.isUsable() && s.isBackup()).toList();
        return allBackups || backups.isEmpty() ? backups : List.of(backups.getFirst());
    }

    /** The server that had better be avoided, where there is no other; null if it has no room either. */
    static <S extends Candidate> S lastResort(final List<S> inUse, final S avoid) {
        return avoid != null && inUse.contains(avoid) && !avoid.isSaturated() ? avoid : null;
    }

    /** At least 1 where the weight is not 0. */
    static int effective(final Candidate server) {
        final int weight = server.weight() * SCALE;
        return weight == 0 ? 0 : Math.max(1, weight * server.rampPercent() / 100);
    }

    static int greatestCommonDivisor(final List<? extends Candidate> servers) {
        int divisor = 0;
        for (final Candidate server : servers) {
            int a = divisor;
            int b = server.weight();
            while (b != 0) {
                final int rest = a % b;
                a = b;
                b = rest;
            }
            divisor = a;
        }
        return Math.max(1, divisor);
    }
}
