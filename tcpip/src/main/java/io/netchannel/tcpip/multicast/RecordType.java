package io.netchannel.tcpip.multicast;

/** Types of group records (RFC 3376, 4.2.12; RFC 3810, 5.2.12). */
final class RecordType {

    static final int MODE_IS_INCLUDE = 1;
    static final int MODE_IS_EXCLUDE = 2;
    static final int CHANGE_TO_INCLUDE = 3;
    static final int CHANGE_TO_EXCLUDE = 4;
    static final int ALLOW_NEW_SOURCES = 5;
    static final int BLOCK_OLD_SOURCES = 6;

    private RecordType() {
    }
}
