package io.netchannel.tcpip.dhcp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;

/**
 * A {@link DhcpClient} on a stack's UDP, timers and addresses. A leased address is probed before it is used, announced,
 * defended, and declined if another station has it (RFC 5227), as {@link DhcpConfig#conflictDetection} says. Routes and MTU
 * are left to the owner's events, and {@link DhcpInterface}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class DhcpEndpoint implements AutoCloseable {

    private final NetStack stack;
    private final ConflictDetection detection;
    private final OrderedMemory memory;
    private final DhcpClient client;
    private final Timer timer = new ClientTimer();
    private UdpSocket socket;
    /** The address that we have put on the stack, and the one that is being probed; or null. */
    private IpPrefix held;
    private IpPrefix checking;

    /**
     * @param stack the one of its station that answers requests; {@link #onEvent} must be told of its events
     * @param random of transactions and delays; a cryptographic source, except in simulations
     */
    public DhcpEndpoint(final NetStack stack, final DhcpConfig config, final DhcpEvents events,
            final RandomGenerator random) {
        if (stack.addresses() == null) {
            throw new IllegalArgumentException("a DHCP client needs the stack that answers requests: it is the one that"
                    + " knows whose an address is");
        }
        this.stack = stack;
        this.detection = config.conflictDetection();
        this.memory = stack.ip().pool().packets().memory();
        this.client = new DhcpClient(config, this::send, new OnStack(events), random);
    }

    public DhcpClient client() {
        return client;
    }

    /** @throws java.io.UncheckedIOException if port 68 is taken */
    public void start() {
        socket = stack.udp().bind(0, IpAddress.IPV4_PREFIX, DhcpLayout.CLIENT_PORT, new Receiver());
        // A server may answer to the address that it offers, which is not ours yet (RFC 2131, 4.1).
        stack.acceptDhcpToAnyAddress(true);
        client.start(stack.nowNs());
        reschedule();
    }

    /** Gives the address back. Idempotent. */
    @Override
    public void close() {
        client.close(stack.nowNs());
        remove(checking);
        checking = null;
        stack.timers().cancel(timer);
        if (socket != null) {
            stack.acceptDhcpToAnyAddress(false);
            socket.close();
        }
    }

    /** What has become of an address; from {@link NetStack#events}. */
    public void onEvent(final InterfaceEvent event) {
        switch (event) {
            case final AddressChanged changed when changed.address().equals(checking) -> onChecked(false);
            case final AddressRemoved removed when removed.reason() == AddressRemoved.Reason.CONFLICT -> {
                if (removed.address().equals(checking)) {
                    onChecked(true);
                } else if (removed.address().equals(held)) {
                    held = null;
                    client.conflict(stack.nowNs());
                    reschedule();
                }
            }
            default -> {
                // Not about a lease.
            }
        }
    }

    private void onChecked(final boolean inUse) {
        final IpPrefix address = checking;
        if (inUse) {
            checking = null;
        }
        client.checked(address.address(), inUse, stack.nowNs());
        reschedule();
    }

    private void remove(final IpPrefix address) {
        if (address != null) {
            stack.addresses().remove(address.address(), stack.nowNs());
        }
    }

    private void reschedule() {
        stack.timers().schedule(timer, client.nextDeadlineNs());
    }

    private void send(final byte[] message, final int source, final int destination) {
        try (Arena arena = Arena.ofConfined()) {
            final long address = arena.allocate(message.length).address();
            memory.copyFromArray(message, 0, address, message.length);
            socket.sendFrom(0, IpAddress.lowOfIpv4(source), 0, IpAddress.lowOfIpv4(destination),
                    DhcpLayout.SERVER_PORT, address, message.length);
        }
    }

    /** Puts the address on the stack before the owner hears of it, and takes it off. */
    private final class OnStack implements DhcpEvents {

        private final DhcpEvents owner;

        OnStack(final DhcpEvents owner) {
            this.owner = owner;
        }

        @Override
        public boolean check(final IpPrefix address) {
            if (detection != ConflictDetection.FULL
                    || !stack.addresses().add(address, detection, stack.nowNs())) {
                return false;
            }
            checking = address;
            return true;
        }

        @Override
        public void onLease(final DhcpLease lease) {
            final IpPrefix next = lease.address();
            if (!next.equals(held)) {
                remove(held);
                // What was probed is there already. Who configured an address by hand keeps it.
                held = next.equals(checking) || stack.addresses().add(next, unprobed(), stack.nowNs()) ? next : null;
                checking = null;
            }
            owner.onLease(lease);
        }

        /** Of an address that is there by hand, or whose prefix only has changed. */
        private ConflictDetection unprobed() {
            return detection == ConflictDetection.FULL ? ConflictDetection.OPTIMISTIC : detection;
        }

        @Override
        public void onLost(final DhcpLease lease, final LossReason reason) {
            remove(held);
            held = null;
            owner.onLost(lease, reason);
        }
    }

    private final class Receiver implements UdpHandler {

        @Override
        public void onDatagram(final UdpSocket from, final long remoteHigh, final long remoteLow,
                final int remotePort, final long address, final int lengthBytes) {
            if (remotePort != DhcpLayout.SERVER_PORT) {
                return;
            }
            final byte[] message = new byte[lengthBytes];
            memory.copyToArray(address, message, 0, lengthBytes);
            client.receive(message, stack.nowNs());
            reschedule();
        }
    }

    private final class ClientTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            client.advance(nowNs);
            reschedule();
        }
    }
}
