package io.netchannel.tcpip.autoconf;

import io.netchannel.tcpip.link.StableSecret;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Interface identifiers: the lower half of an IPv6 address.
 *
 * <p>Threading: stateless.
 */
final class OpaqueIds {

    private OpaqueIds() {
    }

    /**
     * A stable, opaque identifier (RFC 7217, 5): the low 64 bits of SHA-256 over the arguments, which is the F that the
     * RFC leaves open.
     *
     * @param dadCounter how often an address of this prefix was found to be taken
     */
    static long stable(final StableSecret secret, final long prefixHigh, final long mac, final int vlanId,
            final int dadCounter) {
        final ByteBuffer input = ByteBuffer.allocate(40).putLong(secret.high()).putLong(secret.low())
                .putLong(prefixHigh).putLong(mac).putInt(vlanId).putInt(dadCounter);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(input.array())).getLong(24);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java has", e);
        }
    }

    /** The modified EUI-64 of a MAC address (RFC 4291, appendix A). */
    static long eui64(final long mac) {
        return (mac >>> 24 ^ 1L << 17) << 40 | 0xFFFEL << 24 | mac & 0xFF_FFFF;
    }

    /** Identifiers that are no host's (RFC 5453, 3): the router's anycast, those of reserved anycast, and IANA's. */
    static boolean isReserved(final long id) {
        return id == 0 || id >>> 7 == 0xFDFF_FFFF_FFFF_FF80L >>> 7 || id >>> 24 == 0x02_005E_FFFEL;
    }
}
