package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.memory.SharedPages;
import java.nio.channels.WritableByteChannel;

/** A channel that can take a file's bytes where they lie: a connection whose frames may show pages. */
public interface PageTarget extends WritableByteChannel {

    /** Whether it can show these pages; if not, bytes are written to it as to any channel. */
    boolean canShow(SharedPages pages);

    /**
     * Takes a part of a page; for what it keeps beyond the call it retains the page.
     *
     * @param part page, offset and length: a {@link io.netchannel.kernel.memory.PacketHandle}
     * @return bytes taken, from the part's first on
     */
    int writePage(long part);
}
