package io.netchannel.tcpip.script.call;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The open descriptors, under the numbers that the script expects. */
final class Descriptors {

    private static final int FIRST = 3;

    private final TreeMap<Integer, Descriptor> open = new TreeMap<>();
    /** Those whose number a script has given to another: it can't name them any more, and they live on. */
    private final List<Descriptor> nameless = new ArrayList<>();

    /** @return the number: the expected one if there is one, since numbers are the script's names for descriptors */
    int add(final Descriptor descriptor, final long expected) {
        int number = FIRST;
        if (expected >= 0 && expected <= Integer.MAX_VALUE) {
            number = (int) expected;
        } else {
            while (open.containsKey(number)) {
                number++;
            }
        }
        final Descriptor before = open.put(number, descriptor);
        if (before != null) {
            nameless.add(before);
        }
        return number;
    }

    /** The descriptor, or null: EBADF. */
    Descriptor get(final int number) {
        return open.get(number);
    }

    void remove(final int number) {
        open.remove(number);
    }

    Collection<Descriptor> all() {
        if (nameless.isEmpty()) {
            return open.values();
        }
        final List<Descriptor> all = new ArrayList<>(open.values());
        all.addAll(nameless);
        return all;
    }
}
