package io.netchannel.tcpip.link;

/**
 * Reports multicast memberships to routers: IGMP and MLD. Told of the first join and of the last leave of each group, on
 * the stack's thread.
 */
public interface GroupListener {

    /** Nobody reports. */
    GroupListener NONE = new GroupListener() {

        @Override
        public void onJoined(final long groupHigh, final long groupLow) {
            // Nobody reports.
        }

        @Override
        public void onLeft(final long groupHigh, final long groupLow) {
            // Nobody reports.
        }
    };

    void onJoined(long groupHigh, long groupLow);

    void onLeft(long groupHigh, long groupLow);
}
