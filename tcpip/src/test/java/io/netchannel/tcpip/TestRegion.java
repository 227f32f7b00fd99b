package io.netchannel.tcpip;

import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;

/** The memory of a test's host. One host after another may use it, since to map memory costs more than most tests do. */
public final class TestRegion implements AutoCloseable {

    private final Region region;
    private final PacketMemory packets;
    private final int flows;
    private final long[] tables;

    /**
     * @param loops each with a table of {@code flows}
     */
    public TestRegion(final int buffers, final int bufferBytes, final int loops, final int flows) {
        this(buffers, bufferBytes, loops, flows, 0);
    }

    /** The same with so many shared pages. */
    public TestRegion(final int buffers, final int bufferBytes, final int loops, final int flows,
            final int sharedPages) {
        region = Region.create("test", PacketMemory.requiredBytes(buffers + sharedPages, bufferBytes)
                + FlowTable.sizeBytes(flows) * loops + (1 << 16));
        packets = new PacketMemory(region, buffers + sharedPages, bufferBytes, sharedPages);
        this.flows = flows;
        tables = new long[loops];
        for (int i = 0; i < loops; i++) {
            tables[i] = region.allocate(FlowTable.sizeBytes(flows), 128);
        }
    }

    /** All buffers; those of an earlier pool must be back. */
    public PacketPool newPool() {
        return new PacketPool(packets);
    }

    public FlowTable[] newTables() {
        final RssIndirection indirection = new RssIndirection(tables.length);
        final FlowTable[] made = new FlowTable[tables.length];
        for (int i = 0; i < made.length; i++) {
            made[i] = new FlowTable(region.memory(), tables[i], flows, indirection, i);
        }
        return made;
    }

    @Override
    public void close() {
        region.close();
    }
}
