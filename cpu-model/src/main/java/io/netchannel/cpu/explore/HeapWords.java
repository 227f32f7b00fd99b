package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Words of heap objects as words of a {@link ModelledMemory}, for classes whose field accesses are rewritten into
 * modelled ones. Each field or array element gets eight bytes, zero at first; a reference is stored as a handle.
 *
 * <p>An object is known by identity if the set-up names it first. What a thread makes in its run is made anew in each run,
 * so it is known by the thread and by how many the thread has named before: a run must name its own objects in an order
 * that follows from what it loads.
 *
 * <p>Threading: confined to the thread that explores.
 */
public final class HeapWords {

    /** Handle of null. */
    public static final long NULL = 0;

    private static final int SETUP = -1;
    private static final int MAX_FRESH = 1 << 20;

    private record Word(long object, long offset) {
    }

    private final Program.Range range;
    private final Map<Object, Long> handles = new IdentityHashMap<>();
    private final Map<Long, Object> objects = new HashMap<>();
    private final Map<Word, Long> addresses = new HashMap<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, String> names = new HashMap<>();
    private int thread = SETUP;
    private int named;
    private int setUpNamed;

    HeapWords(final Program.Range range) {
        this.range = range;
    }

    /** From here on it is this thread's run, from its beginning. */
    void begin(final int newThread) {
        thread = newThread;
        named = 0;
    }

    /**
     * Address of a field or an array element.
     *
     * @param offset tells the object's words apart: a field offset, an array index
     * @param name in traces, such as {@code "producerIndex"}
     * @throws IllegalStateException if the program's heap words are used up
     */
    public long address(final Object owner, final long offset, final String name) {
        final Word word = new Word(handle(owner), offset);
        final Long known = addresses.get(word);
        if (known != null) {
            names.put(known, name);
            return known;
        }
        final long address = range.address() + (long) words.size() * Long.BYTES;
        if (address >= range.address() + range.lengthBytes()) {
            throw new IllegalStateException("heapWords=" + range.lengthBytes() / Long.BYTES
                    + " of the program are used up; " + name + " of " + owner.getClass() + " needs one more");
        }
        names.put(address, name);
        add(word, address);
        return address;
    }

    private void add(final Word word, final long address) {
        words.add(word);
        addresses.put(word, address);
    }

    /** Two numbers for each word, from the lowest address on. */
    long[] words() {
        return words.stream().flatMapToLong(word -> LongStream.of(word.object, word.offset)).toArray();
    }

    /** Gives words the addresses that they had in another exploration. */
    void restore(final long[] pairs) {
        words.clear();
        addresses.clear();
        for (int i = 0; i < pairs.length; i += 2) {
            add(new Word(pairs[i], pairs[i + 1]), range.address() + (long) i / 2 * Long.BYTES);
        }
    }

    /** A number that stands for the object. */
    public long handle(final Object object) {
        if (object == null) {
            return NULL;
        }
        final Long known = handles.get(object);
        if (known != null) {
            return known;
        }
        final int ordinal = thread == SETUP ? setUpNamed++ : named++;
        if (ordinal == MAX_FRESH) {
            throw new IllegalStateException("more than " + MAX_FRESH + " objects");
        }
        final long handle = (thread + 2L) * MAX_FRESH + ordinal;
        final Object before = objects.put(handle, object);
        if (before != null) {
            handles.remove(before);
        }
        handles.put(object, handle);
        return handle;
    }

    /** The object of a handle. */
    public Object object(final long handle) {
        if (handle == NULL) {
            return null;
        }
        final Object object = objects.get(handle);
        if (object == null) {
            throw new IllegalArgumentException("handle=" + handle + " stands for no object");
        }
        return object;
    }

    /** Name of the word at the address, or null. */
    String name(final long address) {
        return names.get(address);
    }
}
