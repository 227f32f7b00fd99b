package io.netchannel.samples.haproxy.balance;

/** What a request has for a balancing algorithm to hash. */
@FunctionalInterface
public interface HashKey {

    /** @return the hash before any avalanche; null if the request has nothing of the kind */
    Integer hash(Algorithm algorithm, HashFunction function);
}
