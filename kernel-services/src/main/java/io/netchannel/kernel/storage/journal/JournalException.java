package io.netchannel.kernel.storage.journal;

/** A directory that holds no journal of ours, or one that this version can't serve. */
public final class JournalException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Also for what is built on a journal, of records that aren't its own. */
    public JournalException(final String message) {
        super(message);
    }
}
