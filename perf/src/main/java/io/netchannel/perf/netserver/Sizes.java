package io.netchannel.perf.netserver;

/** Sizes that netserver chooses where the client leaves them open. */
final class Sizes {

    /** What Linux's initial send buffer makes netserver choose: its own default of net.ipv4.tcp_wmem. */
    static final int DEFAULT_MESSAGE_BYTES = 16384;

    private Sizes() {
    }

    /** The size asked for, or else that of the send buffer asked for. */
    static int messageBytes(final int asked, final int sendBufferBytes) {
        if (asked > 0) {
            return asked;
        }
        return sendBufferBytes > 0 ? sendBufferBytes : DEFAULT_MESSAGE_BYTES;
    }
}
