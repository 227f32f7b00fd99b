package io.netchannel.tcpip.multicast;

/**
 * What one user, such as a socket, wants to hear of a group. Made, changed and ended by {@link Memberships}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Membership {

    final Group group;
    final AddressSet sources = new AddressSet();
    FilterMode mode = FilterMode.INCLUDE;
    boolean ended;

    Membership(final Group group) {
        this.group = group;
    }

    public long groupHigh() {
        return group.high;
    }

    public long groupLow() {
        return group.low;
    }

    public FilterMode mode() {
        return mode;
    }

    /** Whether this user wants what a source sends to the group (RFC 3376, 3.2). */
    public boolean accepts(final long sourceHigh, final long sourceLow) {
        return (mode == FilterMode.EXCLUDE) != sources.contains(sourceHigh, sourceLow);
    }
}
