package io.netchannel.samples.memcached.store;

/**
 * Who keeps what is stored elsewhere, too: told of every change that a restart is to find.
 *
 * <p>Threading: under the store's lock; must not change the store.
 */
public interface StoreMirror {

    /** Keeps nothing. */
    StoreMirror NONE = new StoreMirror() {

        @Override
        public void stored(final long item) {
            // Nothing is kept.
        }

        @Override
        public void removed(final long item) {
            // Nothing is kept.
        }

        @Override
        public void flushed() {
            // Nothing is kept.
        }
    };

    /** An item is new, or is another than it was: its value, its CAS id, when it expires. */
    void stored(long item);

    /** An item goes and none takes its place; it is whole until this returns. */
    void removed(long item);

    /** {@link Store#flushedUntil} and {@link Store#flushedCas} are others. */
    void flushed();
}
