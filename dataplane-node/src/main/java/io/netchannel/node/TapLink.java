package io.netchannel.node;

import io.netchannel.kernel.linux.LinuxInterface;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.virtio.device.TapDevice;
import io.netchannel.virtio.device.VirtioNetDevice;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A TAP device of the Linux host: made when the node opens, gone when it closes.
 *
 * <p>With host addresses the host's end is configured and brought up as well; without, whoever runs the host does that.
 */
public final class TapLink implements NodeLink {

    private final String name;
    private final List<IpPrefix> hostAddresses;
    private final int mtuBytes;
    private TapDevice tap;

    public TapLink(final String name, final List<IpPrefix> hostAddresses, final int mtuBytes) {
        this.name = name;
        this.hostAddresses = List.copyOf(hostAddresses);
        final List<IpPrefix> ipv4 = hostAddresses.stream().filter(prefix -> prefix.address().isIpv4()).toList();
        if (ipv4.size() > 1) {
            throw new IllegalArgumentException("host addresses " + ipv4 + " are both IPv4; give one of that family");
        }
        this.mtuBytes = mtuBytes;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public void attach(final VirtioNetDevice device) {
        tap = TapDevice.open(name, device);
        try {
            configureHost();
        } catch (final RuntimeException e) {
            tap.close();
            throw e;
        }
    }

    private void configureHost() {
        final LinuxInterface host = LinuxInterface.named(tap.name());
        host.setMtu(mtuBytes);
        if (hostAddresses.isEmpty()) {
            return;
        }
        // So that an IPv6 address can be used at once; where the host forbids it, it takes a second longer.
        host.skipDuplicateAddressDetection();
        for (final IpPrefix prefix : hostAddresses) {
            if (toInetAddress(prefix) instanceof final Inet6Address ipv6) {
                host.addIpv6(ipv6, prefix.lengthBits());
            } else {
                host.setIpv4((Inet4Address) toInetAddress(prefix), prefix.lengthBits());
            }
        }
        host.up();
    }

    private static InetAddress toInetAddress(final IpPrefix prefix) {
        try {
            return InetAddress.getByAddress(prefix.address().toBytes());
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException("address " + prefix + " has no host form", e);
        }
    }

    @Override
    public Poller poller(final int queuePair) {
        return tap.poller(queuePair);
    }

    @Override
    public void wake(final int queuePair, final Doorbell doorbell) {
        tap.wake(queuePair, doorbell);
    }

    @Override
    public void close() {
        if (tap != null) {
            tap.close();
        }
    }
}
