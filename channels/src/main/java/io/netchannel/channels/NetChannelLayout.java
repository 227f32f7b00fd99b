package io.netchannel.channels;

/**
 * Where the words of a {@link NetChannel} lie. The start is aligned to {@value #ALIGNMENT_BYTES} bytes.
 *
 * <pre>
 *   byte  0               8                                    128
 *        +---------------+--------------- - - - ---------------+    0
 *        | tail          |               unused                |        producer writes, consumer reads
 *        +---------------+--------------- - - - ---------------+  128
 *        | head          |               unused                |        consumer writes, producer reads
 *        +-------+-------+--------------- - - - ---------------+  256
 *        | P end | C end |               unused                |        each side writes its word once
 *        +-------+-------+--------------- - - - ---------------+  384
 *        | slot 0        | slot 1        |  ...  | slot capacity - 1
 *        +---------------+---------------+-- - - - ------------+  384 + 8 * capacity, rounded up to 128
 * </pre>
 * <ul>
 * <li><b>tail</b>, <b>head</b>: 64 bits, free-running; slot of index i is {@code i & (capacity - 1)}; {@code tail -
 * head} elements are in the ring. Zero memory is an empty, open channel.
 * <li><b>P end</b>: 32 bits, 1 when the producer will publish no more. <b>C end</b>: 32 bits, 1 when the consumer wants
 * no more.
 * </ul>
 * The indices are 128 bytes apart because a write to one must not take the other's line, nor its neighbour that the
 * prefetcher brings along, away from its writer. The two end words may share: each is written once in a channel's life.
 */
public final class NetChannelLayout {

    public static final int ALIGNMENT_BYTES = 128;

    public static final int TAIL_OFFSET = 0;
    public static final int HEAD_OFFSET = 128;
    public static final int PRODUCER_END_OFFSET = 256;
    public static final int CONSUMER_END_OFFSET = 260;
    public static final int SLOTS_OFFSET = 384;

    public static final int SLOT_BYTES = Long.BYTES;
    public static final int MIN_CAPACITY = 2;
    public static final int MAX_CAPACITY = 1 << 27;

    static final int OPEN = 0;
    static final int ENDED = 1;

    private NetChannelLayout() {
    }
}
