package io.netchannel.kernel.storage.table;

/**
 * Payload of a table's record in the journal; numbers are in the CPU's order.
 *
 * <pre>
 *   0               1               2               3
 *   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *  +---------------------------------------------------------------+  0
 *  |           when it expires, in the application's time;         |
 *  |                          0 for never                          |
 *  +---------------------------------------------------------------+  8
 *  |                         length of key                         |
 *  +---------------------------------------------------------------+ 12
 *  |                       key, then the value                     |
 * </pre>
 */
final class EntryLayout {

    static final int EXPIRY_OFFSET = 0;
    static final int KEY_BYTES_OFFSET = 8;
    static final int HEADER_BYTES = 12;

    /** Types of records. */
    static final int PUT = 1;
    static final int REMOVE = 2;

    private EntryLayout() {
    }
}
