package io.netchannel.kernel.storage.journal;

import io.netchannel.kernel.linux.LinuxException;

/** What becomes of records. Called on the appending thread, from {@link Journal#poll}. */
public interface JournalListener {

    /** Every record before {@code position} is durable. */
    void onCommitted(long position);

    /** Nothing more becomes durable; the journal has to be opened again. What was acknowledged stays. */
    void onFailed(LinuxException failure);
}
