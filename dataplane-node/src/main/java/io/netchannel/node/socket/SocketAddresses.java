package io.netchannel.node.socket;

import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.IpAddress;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** Between the JDK's addresses and the stack's. */
public final class SocketAddresses {

    private static final IpAddress ANY_IPV4 = new IpAddress(0, IpAddress.IPV4_PREFIX);

    private static final IpAddress LOOPBACK_IPV4 = IpAddress.ofIpv4(0x7F00_0001);
    private static final IpAddress LOOPBACK_IPV6 = new IpAddress(0, 1);

    private SocketAddresses() {
    }

    /**
     * @throws UnsupportedAddressTypeException if it is not of IP
     * @throws UnresolvedAddressException if it is a name
     */
    public static InetSocketAddress checked(final SocketAddress address) {
        if (!(address instanceof final InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return inet;
    }

    /** Where any address is to be reached, as Linux has it: at this host. */
    public static InetSocketAddress toSomebody(final InetSocketAddress address) {
        if (!address.getAddress().isAnyLocalAddress()) {
            return address;
        }
        final IpAddress loopback = address.getAddress() instanceof Inet4Address ? LOOPBACK_IPV4 : LOOPBACK_IPV6;
        return of(loopback.high(), loopback.low(), address.getPort());
    }

    public static IpAddress ip(final InetAddress address) {
        final ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? IpAddress.ofIpv4(bytes.getInt())
                : new IpAddress(bytes.getLong(), bytes.getLong());
    }

    public static InetAddress inet(final long high, final long low) {
        try {
            return InetAddress.getByAddress(new IpAddress(high, low).toBytes());
        } catch (final UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    public static InetSocketAddress of(final long high, final long low, final int port) {
        return new InetSocketAddress(inet(high, low), port);
    }

    public static boolean isAny(final IpAddress address) {
        return address.equals(IpAddress.ANY) || address.equals(ANY_IPV4);
    }

    /** @throws BindException if nothing of ours is reached at {@code wanted} */
    public static void requireOurs(final LocalAddresses addresses, final InetSocketAddress wanted)
            throws BindException {
        final IpAddress address = ip(wanted.getAddress());
        if (!isAny(address) && !addresses.isLocal(address.high(), address.low())
                && !IpAddress.isLoopback(address.high(), address.low())) {
            throw new BindException("Cannot assign requested address: " + wanted + " is not the node's");
        }
    }
}
