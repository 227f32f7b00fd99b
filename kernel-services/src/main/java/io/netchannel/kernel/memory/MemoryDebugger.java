package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Finds memory that is freed twice, used after it was freed, or never freed, and says by whom: for what is allocated and freed
 * it keeps the stacks, and what is freed it fills with a pattern that must still be there when it is allocated again.
 *
 * <p>On with {@code -Dnetchannel.memory.debug=true}; otherwise there is none, and a null is all that it costs. With it an
 * allocation takes microseconds.
 *
 * <p>Threading: any thread. A block is one thread's at a time.
 */
final class MemoryDebugger {

    /** System property. */
    static final String PROPERTY = "netchannel.memory.debug";

    /** To {@link #freed}: whatever it was allocated with. */
    static final long ANY_SIZE = -1;

    private static final byte POISON = (byte) 0xDB;
    private static final long POISON_WORD = 0xDBDB_DBDB_DBDB_DBDBL;
    private static final int LISTED_LEAKS = 16;

    /** @param freed null while it is in use */
    private record Block(long sizeBytes, Throwable allocated, Throwable freed, boolean poisoned) {
    }

    private final OrderedMemory memory;
    private final ConcurrentNavigableMap<Long, Block> blocks = new ConcurrentSkipListMap<>();

    MemoryDebugger(final OrderedMemory memory) {
        this.memory = memory;
    }

    /** @return null if nobody asked for it */
    static MemoryDebugger ifEnabled(final OrderedMemory memory) {
        return Boolean.getBoolean(PROPERTY) ? new MemoryDebugger(memory) : null;
    }

    /**
     * Memory is handed out.
     *
     * @throws IllegalStateException if somebody wrote to it while it was free, or it is in use
     */
    void allocated(final long address, final long sizeBytes) {
        Map.Entry<Long, Block> before = blocks.lowerEntry(address + sizeBytes);
        while (before != null && before.getKey() + before.getValue().sizeBytes > address) {
            if (before.getValue().freed == null) {
                throw new IllegalStateException(
                        describe(before.getKey(), before.getValue(), "handed out again while it is in use"));
            }
            blocks.remove(before.getKey());
            checkPoison(before.getKey(), before.getValue());
            before = blocks.lowerEntry(address + sizeBytes);
        }
        blocks.put(address, new Block(sizeBytes, new Throwable("allocated"), null, false));
    }

    private void checkPoison(final long address, final Block block) {
        if (!block.poisoned) {
            return;
        }
        long offset = 0;
        while (offset + Long.BYTES <= block.sizeBytes && memory.getLong(address + offset) == POISON_WORD) {
            offset += Long.BYTES;
        }
        while (offset < block.sizeBytes && memory.getByte(address + offset) == POISON) {
            offset++;
        }
        if (offset < block.sizeBytes) {
            throw new IllegalStateException(
                    describe(address, block, "used after it was freed: byte " + offset + " is 0x"
                            + Integer.toHexString(memory.getByte(address + offset) & 0xFF)));
        }
    }

    /**
     * Memory comes back.
     *
     * @throws IllegalStateException if it was freed before, was never handed out, or not with this size
     */
    void freed(final long address, final long sizeBytes) {
        final Block block = blocks.get(address);
        if (block == null) {
            throw new IllegalStateException("0x" + Long.toHexString(address) + " freed, but never allocated");
        }
        if (block.freed != null) {
            throw new IllegalStateException(describe(address, block, "freed twice"));
        }
        if (sizeBytes != ANY_SIZE && block.sizeBytes != sizeBytes) {
            throw new IllegalStateException(describe(address, block, "freed as if of sizeBytes=" + sizeBytes));
        }
        memory.fill(address, block.sizeBytes, POISON);
        blocks.put(address, new Block(block.sizeBytes, block.allocated, new Throwable("freed"), true));
    }

    /** Who allocated and freed what lies there; empty if it never was. */
    String story(final long address) {
        final Block block = blocks.get(address);
        return block == null ? "" : describe(address, block, block.freed == null ? "in use" : "free");
    }

    /** The system has taken pages: what is free there may have any content. */
    void forgetPoison(final long address, final long lengthBytes) {
        blocks.subMap(address, address + lengthBytes).replaceAll((key, block) -> new Block(block.sizeBytes,
                block.allocated, block.freed, false));
    }

    /** @throws IllegalStateException naming what is still held */
    void checkNoLeaks() {
        int count = 0;
        final StringBuilder text = new StringBuilder();
        for (final Map.Entry<Long, Block> entry : blocks.entrySet()) {
            if (entry.getValue().freed == null && ++count <= LISTED_LEAKS) {
                text.append(System.lineSeparator()).append(describe(entry.getKey(), entry.getValue(), "never freed"));
            }
        }
        if (count > 0) {
            throw new IllegalStateException(count + " blocks never freed" + text);
        }
    }

    private static String name(final long address, final long sizeBytes) {
        return "0x" + Long.toHexString(address) + "..+" + sizeBytes;
    }

    private static String describe(final long address, final Block block, final String what) {
        final StringWriter text = new StringWriter();
        final PrintWriter out = new PrintWriter(text);
        out.println(name(address, block.sizeBytes) + " " + what);
        block.allocated.printStackTrace(out);
        if (block.freed != null) {
            block.freed.printStackTrace(out);
        }
        out.flush();
        return text.toString();
    }
}
