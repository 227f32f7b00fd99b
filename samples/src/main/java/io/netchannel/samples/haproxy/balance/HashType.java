package io.netchannel.samples.haproxy.balance;

/** {@code hash-type METHOD FUNCTION MODIFIER}. */
public record HashType(boolean consistent, HashFunction function, boolean avalanche) {

    public static final HashType DEFAULT = new HashType(false, HashFunction.SDBM, false);
}
