package io.netchannel.tcpip.link;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.Arrays;

/**
 * The multicast groups whose packets this stack takes. Memberships are counted: a group is left when each that joined
 * it has left. All-hosts and all-nodes are joined for ever and reported to nobody (RFC 1112, 4; RFC 3810, 6);
 * solicited-node groups are joined by {@link LocalAddresses} with their addresses.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class MulticastGroups {

    /** Groups joined at once; Linux has no limit for all sockets, but one of 20 for each. */
    public static final int MAX_GROUPS = 1024;

    private static final int ALL_HOSTS = 0xE000_0001;
    private static final long INTERFACE_LOCAL_HIGH = 0xFF01_0000_0000_0000L;

    private long[] high = new long[8];
    private long[] low = new long[8];
    private int[] members = new int[8];
    /** Of members, those who want certain sources only and report that themselves. */
    private int[] holders = new int[8];
    private int count;
    private GroupListener listener = GroupListener.NONE;

    /** Sets who reports memberships, and tells it of those that there are. */
    public void listener(final GroupListener reports) {
        listener = reports;
        for (int i = 0; i < count; i++) {
            if (members[i] > holders[i]) {
                reports.onJoined(high[i], low[i]);
            }
        }
    }

    /**
     * @return false if it is no multicast address, or {@link #MAX_GROUPS} are joined
     */
    public boolean join(final long groupHigh, final long groupLow) {
        if (isPermanent(groupHigh, groupLow)) {
            return true;
        }
        final int index = add(groupHigh, groupLow);
        if (index < 0) {
            return false;
        }
        if (++members[index] == holders[index] + 1) {
            listener.onJoined(groupHigh, groupLow);
        }
        return true;
    }

    /** Undoes one {@link #join}; does nothing if there was none. */
    public void leave(final long groupHigh, final long groupLow) {
        final int index = indexOf(groupHigh, groupLow);
        if (index < 0 || members[index] == holders[index]) {
            return;
        }
        final boolean last = --members[index] == holders[index];
        removeIfUnused(index);
        if (last) {
            listener.onLeft(groupHigh, groupLow);
        }
    }

    /**
     * Takes packets to a group as {@link #join} does, without telling the listener: for one who wants certain sources,
     * and has told it which.
     *
     * @return false if it is no multicast address, or {@link #MAX_GROUPS} are joined
     */
    public boolean hold(final long groupHigh, final long groupLow) {
        final int index = add(groupHigh, groupLow);
        if (index < 0) {
            return false;
        }
        members[index]++;
        holders[index]++;
        return true;
    }

    /** Undoes one {@link #hold}; does nothing if there was none. */
    public void release(final long groupHigh, final long groupLow) {
        final int index = indexOf(groupHigh, groupLow);
        if (index >= 0 && holders[index] > 0) {
            holders[index]--;
            members[index]--;
            removeIfUnused(index);
        }
    }

    /** @return the index of a group, which may be new; or a negative number */
    private int add(final long groupHigh, final long groupLow) {
        final int known = indexOf(groupHigh, groupLow);
        if (known >= 0 || count == MAX_GROUPS || !IpAddress.isMulticast(groupHigh, groupLow)) {
            return known;
        }
        if (count == low.length) {
            high = Arrays.copyOf(high, count * 2);
            low = Arrays.copyOf(low, count * 2);
            members = Arrays.copyOf(members, count * 2);
            holders = Arrays.copyOf(holders, count * 2);
        }
        high[count] = groupHigh;
        low[count] = groupLow;
        members[count] = 0;
        holders[count] = 0;
        return count++;
    }

    private void removeIfUnused(final int index) {
        if (members[index] == 0) {
            count--;
            high[index] = high[count];
            low[index] = low[count];
            members[index] = members[count];
            holders[index] = holders[count];
        }
    }

    public boolean isJoined(final long groupHigh, final long groupLow) {
        return isPermanent(groupHigh, groupLow) || indexOf(groupHigh, groupLow) >= 0;
    }

    private static boolean isPermanent(final long groupHigh, final long groupLow) {
        return IpAddress.isIpv4(groupHigh, groupLow)
                ? (int) groupLow == ALL_HOSTS
                : groupLow == 1 && (groupHigh == IpAddress.LINK_MULTICAST_HIGH || groupHigh == INTERFACE_LOCAL_HIGH);
    }

    private int indexOf(final long groupHigh, final long groupLow) {
        for (int i = 0; i < count; i++) {
            if (low[i] == groupLow && high[i] == groupHigh) {
                return i;
            }
        }
        return -1;
    }

    // -- for reports of all that there is

    public int count() {
        return count;
    }

    public long high(final int index) {
        return high[index];
    }

    public long low(final int index) {
        return low[index];
    }
}
