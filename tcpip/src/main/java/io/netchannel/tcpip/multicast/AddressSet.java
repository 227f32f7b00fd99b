package io.netchannel.tcpip.multicast;

import java.util.Arrays;

/**
 * A bounded set of addresses in the order in which they came.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class AddressSet {

    private long[] words = new long[4];
    private int count;

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    long high(final int index) {
        return words[2 * index];
    }

    long low(final int index) {
        return words[2 * index + 1];
    }

    void clear() {
        count = 0;
    }

    boolean contains(final long high, final long low) {
        return indexOf(high, low) >= 0;
    }

    /** @return the index, or a negative number */
    int indexOf(final long high, final long low) {
        for (int i = 0; i < count; i++) {
            if (low(i) == low && high(i) == high) {
                return i;
            }
        }
        return -1;
    }

    /** Adds an address unless it is there. */
    void add(final long high, final long low) {
        if (contains(high, low)) {
            return;
        }
        if (2 * count == words.length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        words[2 * count] = high;
        words[2 * count + 1] = low;
        count++;
    }

    /** The last takes the place of the one that goes. */
    void removeAt(final int index) {
        count--;
        words[2 * index] = words[2 * count];
        words[2 * index + 1] = words[2 * count + 1];
    }

    void addAll(final AddressSet others) {
        for (int i = 0; i < others.count; i++) {
            add(others.high(i), others.low(i));
        }
    }

    void removeAll(final AddressSet others) {
        for (int i = count - 1; i >= 0; i--) {
            if (others.contains(high(i), low(i))) {
                removeAt(i);
            }
        }
    }

    void retainAll(final AddressSet others) {
        for (int i = count - 1; i >= 0; i--) {
            if (!others.contains(high(i), low(i))) {
                removeAt(i);
            }
        }
    }

    void set(final AddressSet others) {
        clear();
        addAll(others);
    }
}
