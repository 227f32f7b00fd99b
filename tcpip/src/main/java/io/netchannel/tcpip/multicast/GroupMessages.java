package io.netchannel.tcpip.multicast;

/** What a {@link GroupReporter} has to say, in the words of one family. */
interface GroupMessages {

    /** Whether routers are told of a group: not of one that every host is in, nor of one that never leaves a host. */
    boolean isReported(long high, long low);

    /** Adds a record to the report, and sends that before if it is full. */
    void addRecord(int type, long high, long low, AddressSet sources);

    /** Sends the report, if it has records. */
    void sendReport();

    /** Sends a report in the words of an older version. */
    void sendOldReport(GroupVersion version, long high, long low);

    /** Says that nobody here listens any more, in the words of the older version. */
    void sendLeave(long high, long low);
}
