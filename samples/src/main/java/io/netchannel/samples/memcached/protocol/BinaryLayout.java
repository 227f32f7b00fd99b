package io.netchannel.samples.memcached.protocol;

/**
 * Header of a binary request or response; multi-byte fields in network byte order.
 *
 * <pre>
 *    0        1        2          4         5           6                   8          12       16      24
 *   +--------+--------+----------+---------+-----------+-------------------+----------+--------+-------+
 *   | magic  | opcode | key bytes| extras  | data type | reserved / status | body     | opaque | CAS   | extras key
 * value
 *   +--------+--------+----------+---------+-----------+-------------------+----------+--------+-------+
 * </pre>
 */
final class BinaryLayout {

    static final int OPCODE_OFFSET = 1;
    static final int KEY_BYTES_OFFSET = 2;
    static final int EXTRAS_BYTES_OFFSET = 4;
    static final int STATUS_OFFSET = 6;
    static final int BODY_BYTES_OFFSET = 8;
    static final int OPAQUE_OFFSET = 12;
    static final int CAS_OFFSET = 16;
    static final int HEADER_BYTES = 24;

    static final int REQUEST = 0x80;
    static final int RESPONSE = 0x81;

    // -- opcodes
    static final int GET = 0x00;
    static final int SET = 0x01;
    static final int ADD = 0x02;
    static final int REPLACE = 0x03;
    static final int DELETE = 0x04;
    static final int INCREMENT = 0x05;
    static final int DECREMENT = 0x06;
    static final int QUIT = 0x07;
    static final int FLUSH = 0x08;
    static final int GETQ = 0x09;
    static final int NOOP = 0x0a;
    static final int VERSION = 0x0b;
    static final int GETK = 0x0c;
    static final int GETKQ = 0x0d;
    static final int APPEND = 0x0e;
    static final int PREPEND = 0x0f;
    static final int STAT = 0x10;
    static final int SETQ = 0x11;
    static final int ADDQ = 0x12;
    static final int REPLACEQ = 0x13;
    static final int DELETEQ = 0x14;
    static final int INCREMENTQ = 0x15;
    static final int DECREMENTQ = 0x16;
    static final int QUITQ = 0x17;
    static final int FLUSHQ = 0x18;
    static final int APPENDQ = 0x19;
    static final int PREPENDQ = 0x1a;
    static final int TOUCH = 0x1c;
    static final int GAT = 0x1d;
    static final int GATQ = 0x1e;
    static final int GATK = 0x23;
    static final int GATKQ = 0x24;

    // -- status
    static final int SUCCESS = 0x00;
    static final int NOT_FOUND = 0x01;
    static final int EXISTS = 0x02;
    static final int TOO_BIG = 0x03;
    static final int INVALID = 0x04;
    static final int NOT_STORED = 0x05;
    static final int BAD_DELTA = 0x06;
    static final int AUTH_ERROR = 0x20;
    static final int UNKNOWN_COMMAND = 0x81;
    static final int NO_MEMORY = 0x82;

    private BinaryLayout() {
    }

    /** The command that a quiet one is the quiet form of; itself if it is none. */
    static int loud(final int opcode) {
        return switch (opcode) {
            case GETQ -> GET;
            case GETKQ -> GETK;
            case SETQ -> SET;
            case ADDQ -> ADD;
            case REPLACEQ -> REPLACE;
            case DELETEQ -> DELETE;
            case INCREMENTQ -> INCREMENT;
            case DECREMENTQ -> DECREMENT;
            case QUITQ -> QUIT;
            case FLUSHQ -> FLUSH;
            case APPENDQ -> APPEND;
            case PREPENDQ -> PREPEND;
            case GATQ -> GAT;
            case GATKQ -> GATK;
            default -> opcode;
        };
    }
}
