package io.netchannel.tcpip.link;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.List;

/**
 * The addresses that are ours, and what follows from them: who is on the link, and which source address to use. They may
 * change while the stack runs, by hand or by a configuration protocol: {@link #add}, {@link #state}, {@link #remove}.
 *
 * <p>An address brings the prefix that it was added with on-link. One whose prefix is not on-link (SLAAC with the L flag
 * clear, RFC 4861, 6.3.4) is added as a /32 or /128; prefixes without an address: {@link #addOnLink}. An IPv6 address
 * joins its solicited-node group, tentative ones too (RFC 4862, 5.4.2).
 *
 * <p>An interface has few, so everything is a walk over arrays.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class LocalAddresses {

    /** There is no such address. */
    public static final int NONE = -1;

    /** Addresses, and on-link prefixes, that there may be; Linux has no more than 16 autoconfigured ones. */
    public static final int MAX_ADDRESSES = 64;

    private final IpPrefix[] prefixes = new IpPrefix[MAX_ADDRESSES];
    private final long[] high = new long[MAX_ADDRESSES];
    private final long[] low = new long[MAX_ADDRESSES];
    private final AddressState[] states = new AddressState[MAX_ADDRESSES];
    private final boolean[] temporary = new boolean[MAX_ADDRESSES];
    private final IpPrefix[] onLink = new IpPrefix[MAX_ADDRESSES];
    private final MulticastGroups groups = new MulticastGroups();
    private final Revision revision = new Revision();
    private int count;
    private int onLinkCount;

    /** @param prefixes to begin with, preferred */
    public LocalAddresses(final List<IpPrefix> prefixes) {
        this(prefixes, AddressState.PREFERRED);
    }

    /** @param prefixes to begin with, all in one state */
    public LocalAddresses(final List<IpPrefix> prefixes, final AddressState state) {
        for (final IpPrefix prefix : prefixes) {
            if (!add(prefix, state)) {
                throw new IllegalArgumentException("address " + prefix + " is there twice, or one of more than "
                        + MAX_ADDRESSES);
            }
        }
    }

    /** Of this interface's groups. */
    public MulticastGroups groups() {
        return groups;
    }

    /** Advances with every change. */
    public Revision revision() {
        return revision;
    }

    // -- changes

    /** @return false if it is there, or {@link #MAX_ADDRESSES} are */
    public boolean add(final IpPrefix prefix, final AddressState state) {
        return add(prefix, state, false);
    }

    /**
     * @param isTemporary of RFC 8981: preferred to others as a source (RFC 6724, 5, rule 7)
     * @return false if it is there, or {@link #MAX_ADDRESSES} are
     */
    public boolean add(final IpPrefix prefix, final AddressState state, final boolean isTemporary) {
        final IpAddress address = prefix.address();
        if (count == MAX_ADDRESSES || indexOf(address.high(), address.low()) != NONE) {
            return false;
        }
        prefixes[count] = prefix;
        high[count] = address.high();
        low[count] = address.low();
        temporary[count] = isTemporary;
        states[count++] = state;
        if (!address.isIpv4()) {
            groups.join(IpAddress.LINK_MULTICAST_HIGH, IpAddress.solicitedNodeLow(address.low()));
        }
        revision.advance();
        return true;
    }

    /** What is sent from it later is dropped. @return false if it isn't there */
    public boolean remove(final long addressHigh, final long addressLow) {
        final int index = indexOf(addressHigh, addressLow);
        if (index == NONE) {
            return false;
        }
        count--;
        // The order stays: it decides between addresses that are equal otherwise.
        System.arraycopy(prefixes, index + 1, prefixes, index, count - index);
        System.arraycopy(high, index + 1, high, index, count - index);
        System.arraycopy(low, index + 1, low, index, count - index);
        System.arraycopy(states, index + 1, states, index, count - index);
        System.arraycopy(temporary, index + 1, temporary, index, count - index);
        if (!IpAddress.isIpv4(addressHigh, addressLow)) {
            groups.leave(IpAddress.LINK_MULTICAST_HIGH, IpAddress.solicitedNodeLow(addressLow));
        }
        revision.advance();
        return true;
    }

    /** @return false if the address isn't there */
    public boolean state(final long addressHigh, final long addressLow, final AddressState state) {
        final int index = indexOf(addressHigh, addressLow);
        if (index == NONE) {
            return false;
        }
        if (states[index] != state) {
            states[index] = state;
            revision.advance();
        }
        return true;
    }

    /** A prefix whose addresses are neighbours, though none of ours need be in it. @return false if there is no room */
    public boolean addOnLink(final IpPrefix prefix) {
        if (indexOfOnLink(prefix) != NONE) {
            return true;
        }
        if (onLinkCount == MAX_ADDRESSES) {
            return false;
        }
        onLink[onLinkCount++] = prefix;
        revision.advance();
        return true;
    }

    /** @return false if it isn't there */
    public boolean removeOnLink(final IpPrefix prefix) {
        final int index = indexOfOnLink(prefix);
        if (index == NONE) {
            return false;
        }
        onLink[index] = onLink[--onLinkCount];
        revision.advance();
        return true;
    }

    private int indexOfOnLink(final IpPrefix prefix) {
        for (int i = 0; i < onLinkCount; i++) {
            if (onLink[i].lengthBits() == prefix.lengthBits()
                    && onLink[i].contains(prefix.address().high(), prefix.address().low())) {
                return i;
            }
        }
        return NONE;
    }

    // -- questions

    public int count() {
        return count;
    }

    public long high(final int index) {
        return high[index];
    }

    public long low(final int index) {
        return low[index];
    }

    public IpPrefix prefix(final int index) {
        return prefixes[index];
    }

    public AddressState state(final int index) {
        return states[index];
    }

    public boolean isTemporary(final int index) {
        return temporary[index];
    }

    /** Of an address in any state; or {@link #NONE}. */
    public int indexOf(final long addressHigh, final long addressLow) {
        for (int i = 0; i < count; i++) {
            if (low[i] == addressLow && high[i] == addressHigh) {
                return i;
            }
        }
        return NONE;
    }

    /** Whether packets to it are ours: not while it is tentative. */
    public boolean isLocal(final long addressHigh, final long addressLow) {
        final int index = indexOf(addressHigh, addressLow);
        return index != NONE && states[index].isAssigned();
    }

    /** The limited broadcast address, or that of one of our prefixes. */
    public boolean isBroadcast(final long addressHigh, final long addressLow) {
        // Asked of both addresses of each packet. A prefix that has a broadcast address leaves two bits at least, all ones.
        if ((addressLow & 3) != 3 || !IpAddress.isIpv4(addressHigh, addressLow)) {
            return false;
        }
        if (IpAddress.isIpv4Broadcast(addressHigh, addressLow)) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (prefixes[i].isIpv4DirectedBroadcast(addressHigh, addressLow)) {
                return true;
            }
        }
        return false;
    }

    public boolean isOnLink(final long addressHigh, final long addressLow) {
        return onLinkBits(addressHigh, addressLow) != NONE;
    }

    /** Length of the longest on-link prefix that holds an address, or {@link #NONE}. */
    public int onLinkBits(final long addressHigh, final long addressLow) {
        int best = NONE;
        for (int i = 0; i < count; i++) {
            if (states[i].isAssigned() && prefixes[i].lengthBits() > best
                    && prefixes[i].contains(addressHigh, addressLow)) {
                best = prefixes[i].lengthBits();
            }
        }
        for (int i = 0; i < onLinkCount; i++) {
            if (onLink[i].lengthBits() > best && onLink[i].contains(addressHigh, addressLow)) {
                best = onLink[i].lengthBits();
            }
        }
        return best;
    }

    // -- source selection

    /**
     * The address to send from: for IPv6 by RFC 6724, 5, rules 1 to 8 as far as one interface has them; for IPv4, as
     * the same rules give it, one whose prefix holds the destination, the longest first. Tentative ones are not asked.
     *
     * @return an index for {@link #high} and {@link #low}, or {@link #NONE}
     */
    public int sourceFor(final long remoteHigh, final long remoteLow) {
        final boolean ipv4 = IpAddress.isIpv4(remoteHigh, remoteLow);
        int best = NONE;
        for (int i = 0; i < count; i++) {
            if (states[i].isAssigned() && IpAddress.isIpv4(high[i], low[i]) == ipv4
                    && (best == NONE || isBetter(i, best, remoteHigh, remoteLow))) {
                best = i;
            }
        }
        return best;
    }

    private boolean isBetter(final int candidate, final int best, final long remoteHigh, final long remoteLow) {
        // Rule 1: the destination itself.
        if (isAddress(candidate, remoteHigh, remoteLow) != isAddress(best, remoteHigh, remoteLow)) {
            return isAddress(candidate, remoteHigh, remoteLow);
        }
        // Rule 2: the smallest scope that reaches the destination; else the greatest.
        final int candidateScope = AddressPolicy.scope(high[candidate], low[candidate]);
        final int bestScope = AddressPolicy.scope(high[best], low[best]);
        if (candidateScope != bestScope) {
            final int wanted = AddressPolicy.scope(remoteHigh, remoteLow);
            return candidateScope < bestScope ? candidateScope >= wanted : bestScope < wanted;
        }
        // Rule 3: avoid deprecated addresses.
        if (states[candidate] != states[best]) {
            return states[candidate] == AddressState.PREFERRED;
        }
        // Rules 4 and 5: there are neither home addresses nor further interfaces. Rule 6: of the same label.
        final int label = AddressPolicy.label(remoteHigh, remoteLow);
        final boolean candidateLabel = AddressPolicy.label(high[candidate], low[candidate]) == label;
        if (candidateLabel != (AddressPolicy.label(high[best], low[best]) == label)) {
            return candidateLabel;
        }
        // Rule 7: temporary addresses.
        if (temporary[candidate] != temporary[best]) {
            return temporary[candidate];
        }
        return matchBits(candidate, remoteHigh, remoteLow) > matchBits(best, remoteHigh, remoteLow);
    }

    private boolean isAddress(final int index, final long addressHigh, final long addressLow) {
        return low[index] == addressLow && high[index] == addressHigh;
    }

    /** Rule 8: common bits within the source's prefix; of IPv4, which Linux asks less of, the whole prefix or nothing. */
    private int matchBits(final int index, final long remoteHigh, final long remoteLow) {
        final int bits = prefixes[index].lengthBits();
        if (IpAddress.isIpv4(remoteHigh, remoteLow)) {
            return prefixes[index].contains(remoteHigh, remoteLow) ? 1 + bits : 0;
        }
        return Math.min(bits, AddressPolicy.commonPrefixBits(high[index], low[index], remoteHigh, remoteLow));
    }
}
