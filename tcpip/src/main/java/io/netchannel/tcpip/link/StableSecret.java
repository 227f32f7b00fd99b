package io.netchannel.tcpip.link;

import java.math.BigInteger;

/**
 * The key of stable interface identifiers (RFC 7217, 5): 128 bits that a station keeps for itself over its restarts.
 *
 * @param high first half
 * @param low second half
 */
public record StableSecret(long high, long low) {

    private static final int HEX_DIGITS = 32;

    /**
     * @param hex 32 hexadecimal digits
     * @throws IllegalArgumentException without showing the text
     */
    public static StableSecret parse(final String hex) {
        if (!hex.matches("[0-9a-fA-F]{" + HEX_DIGITS + "}")) {
            throw new IllegalArgumentException("the stable secret of " + hex.length() + " characters is not "
                    + HEX_DIGITS + " hexadecimal digits; make one with: openssl rand -hex 16");
        }
        final BigInteger value = new BigInteger(hex, 16);
        return new StableSecret(value.shiftRight(64).longValue(), value.longValue());
    }

    /** Not the value. */
    @Override
    public String toString() {
        return "StableSecret";
    }
}
