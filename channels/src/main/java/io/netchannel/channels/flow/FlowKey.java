package io.netchannel.channels.flow;

/**
 * What tells flows apart: both addresses and ports, the protocol and the VLAN. From the receiver's side: "local" is a
 * received packet's destination.
 *
 * <p>IPv4 addresses are IPv4-mapped (RFC 4291, 2.5.5.2): high 0, low 0x0000FFFF_aabbccdd. Packets of IPv6 with such
 * addresses are dropped, so the families can't be mistaken for each other.
 *
 * <p>Mutable, so that a key can be filled in for each packet without allocating; as a key of a collection it must not
 * change.
 *
 * <p>Threading: confined to one thread.
 */
public final class FlowKey {

    /** Protocol number of TCP. */
    public static final int TCP = 6;
    /** Protocol number of UDP. */
    public static final int UDP = 17;

    private static final long V4_MAPPED = 0xFFFFL << 32;

    private long remoteHigh;
    private long remoteLow;
    private long localHigh;
    private long localLow;
    private int remotePort;
    private int localPort;
    private int protocol;
    private int vlanId;

    /** An IPv4 address as the low half of an IPv4-mapped one, whose high half is 0. */
    public static long v4Mapped(final int address) {
        return V4_MAPPED | address & 0xFFFF_FFFFL;
    }

    /** Whether an address stands for an IPv4 address. */
    public static boolean isV4Mapped(final long high, final long low) {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    public FlowKey remote(final long high, final long low, final int port) {
        remoteHigh = high;
        remoteLow = low;
        remotePort = port & 0xFFFF;
        return this;
    }

    public FlowKey local(final long high, final long low, final int port) {
        localHigh = high;
        localLow = low;
        localPort = port & 0xFFFF;
        return this;
    }

    public FlowKey remoteV4(final int address, final int port) {
        return remote(0, v4Mapped(address), port);
    }

    public FlowKey localV4(final int address, final int port) {
        return local(0, v4Mapped(address), port);
    }

    public FlowKey protocol(final int number) {
        protocol = number & 0xFF;
        return this;
    }

    /**
     * @param id 0 for none, 1..4094; with a service tag (802.1ad), that one's VLAN in bits 12..23 and the customer's in
     *            bits 0..11
     */
    public FlowKey vlanId(final int id) {
        vlanId = id & 0xFF_FFFF;
        return this;
    }

    public FlowKey copyFrom(final FlowKey other) {
        remote(other.remoteHigh, other.remoteLow, other.remotePort);
        local(other.localHigh, other.localLow, other.localPort);
        return protocol(other.protocol).vlanId(other.vlanId);
    }

    public long remoteHigh() {
        return remoteHigh;
    }

    public long remoteLow() {
        return remoteLow;
    }

    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }

    public int remotePort() {
        return remotePort;
    }

    public int localPort() {
        return localPort;
    }

    public int protocol() {
        return protocol;
    }

    public int vlanId() {
        return vlanId;
    }

    /** Whether the local address, and so the flow, is IPv4. */
    public boolean isIpv4() {
        return isV4Mapped(localHigh, localLow);
    }

    /**
     * Both ports, the protocol and the VLAN in one word: {@code remote port 16 | local port 16 | protocol 8 | VLAN 24}.
     */
    long portsWord() {
        return (long) remotePort << 48 | (long) localPort << 32 | (long) protocol << 24 | vlanId;
    }

    /** Sets what {@link #portsWord} holds. */
    void portsWord(final long word) {
        remotePort = (int) (word >>> 48);
        localPort = (int) (word >>> 32) & 0xFFFF;
        protocol = (int) (word >>> 24) & 0xFF;
        vlanId = (int) word & 0xFF_FFFF;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final FlowKey key && remoteHigh == key.remoteHigh && remoteLow == key.remoteLow
                && localHigh == key.localHigh && localLow == key.localLow && portsWord() == key.portsWord();
    }

    /** For collections; steering uses {@link RssHash}, which an attacker can't predict. */
    @Override
    public int hashCode() {
        final long mixed = ((remoteHigh * 31 + remoteLow) * 31 + localHigh) * 31 + localLow;
        return Long.hashCode(mixed * 31 + portsWord());
    }

    @Override
    public String toString() {
        return "protocol " + protocol + " local " + address(localHigh, localLow) + ":" + localPort + " remote "
                + address(remoteHigh, remoteLow) + ":" + remotePort + (vlanId == 0 ? "" : " vlan " + vlanId);
    }

    private static String address(final long high, final long low) {
        if (isV4Mapped(high, low)) {
            return (low >> 24 & 0xFF) + "." + (low >> 16 & 0xFF) + "." + (low >> 8 & 0xFF) + "." + (low & 0xFF);
        }
        final StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < 8; i++) {
            final long half = i < 4 ? high : low;
            text.append(i == 0 ? "" : ":").append(Long.toHexString(half >>> 48 - (i & 3) * 16 & 0xFFFF));
        }
        return text.append(']').toString();
    }
}
