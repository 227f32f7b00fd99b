package io.netchannel.channels.flow;

/**
 * Where the words of a {@link FlowTable} lie. The start is aligned to {@value #HEADER_BYTES} bytes; entries fill a line
 * each.
 *
 * <pre>
 *   byte  0                               8                              16
 *        +---------------+---------------+-------------------------------+    0
 *        |     away      |  generation   |            unused             |
 *        +---------------+---------------+-------------------------------+  128
 *        | entry 0 ...
 *
 *   an entry
 *        +---------------+-----------+---+-------------------------------+    0
 *        |     hash (32) |version(29)|st3|     remote address, high      |
 *        +---------------+-----------+---+-------------------------------+   16
 *        |     remote address, low       |      local address, high      |
 *        +-------------------------------+-------+-------+---+-----------+   32
 *        |     local address, low        |r. port|l. port|pro|   VLAN    |
 *        +---------------+---------------+-------+-------+---+-------+---+   48
 *        |    flow id    |    passed     |generation (32)|version(29)|vd3|
 *        +---------------+---------------+---------------+-----------+---+   64
 * </pre>
 * Each 64-bit word is drawn with its most significant bits at the left.
 * <ul>
 * <li><b>away</b> (4): how many of the flows have their home at another loop, as accepted ones have whose home didn't listen.
 * Where it is 0, nobody else's packets are looked for here.
 * <li><b>control</b> (0): hash, version and state ({@code st}) in one word, so that a probe that doesn't match looks at
 * no key. The version counts the entry's claims, and makes the word a sequence lock for those after it.
 * <li><b>passed</b> (48): how many flows lie further on because this slot was taken when they came. Where it is 0,
 * every search ends. So an erased slot is free at once, and leaves no tombstone that searches would have to pass for
 * ever.
 * <li><b>verdict</b> (56): the filter's answer ({@code vd}) under a generation, for the entry of that version.
 * </ul>
 *
 * <h2>Life of an entry</h2>
 * <pre>
 *               insert            key written            close
 *     EMPTY ─────────────▶ CLAIMED ───────────▶ ACTIVE ─────────▶ CLOSING
 *       ▲                                         │                  │
 *       │                  erase                  │                  │ erase
 *       └─────────────────────────────────────────┴──────────────────┘
 * </pre>
 * <ul>
 * <li>EMPTY, CLAIMED: no search looks inside.
 * <li>ACTIVE: packets go to the loop, with the flow id.
 * <li>CLOSING: packets go to the loop, but without the flow id: when the loop has drained its channel, no packet refers
 * to the id, and it may be used for another flow.
 * </ul>
 * An entry never moves, and as long as it lives it is counted in each slot between its home and its own. So a
 * concurrent search for it can neither end before it nor miss it, in whatever order the writer's stores become visible.
 */
public final class FlowTableLayout {

    public static final int HEADER_BYTES = 128;
    public static final int GENERATION_OFFSET = 0;
    public static final int AWAY_OFFSET = 4;

    public static final int ENTRY_BYTES = 64;
    public static final int CONTROL_OFFSET = 0;
    public static final int REMOTE_HIGH_OFFSET = 8;
    public static final int REMOTE_LOW_OFFSET = 16;
    public static final int LOCAL_HIGH_OFFSET = 24;
    public static final int LOCAL_LOW_OFFSET = 32;
    public static final int PORTS_OFFSET = 40;
    public static final int PASSED_OFFSET = 48;
    public static final int FLOW_ID_OFFSET = 52;
    public static final int VERDICT_OFFSET = 56;

    public static final int EMPTY = 0;
    public static final int CLAIMED = 1;
    public static final int ACTIVE = 2;
    public static final int CLOSING = 3;

    static final int STATE_MASK = 7;
    static final int VERSION_SHIFT = 3;
    static final int VERSION_MASK = (1 << 29) - 1;
    static final int HASH_SHIFT = 32;

    private FlowTableLayout() {
    }

    static long control(final int hash, final int version, final int state) {
        return (long) hash << HASH_SHIFT | (long) (version & VERSION_MASK) << VERSION_SHIFT | state;
    }

    static int state(final long control) {
        return (int) control & STATE_MASK;
    }

    static int version(final long control) {
        return (int) control >>> VERSION_SHIFT;
    }

    static int hash(final long control) {
        return (int) (control >>> HASH_SHIFT);
    }

    static long verdict(final int generation, final int version, final int verdict) {
        return (long) generation << 32 | (long) (version & VERSION_MASK) << VERSION_SHIFT | verdict;
    }
}
