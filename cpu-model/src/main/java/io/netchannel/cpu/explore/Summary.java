package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All that a thread can do against a memory. */
final class Summary {

    final List<Candidate> candidates = new ArrayList<>();
    final Set<Outcome> outcomes = new LinkedHashSet<>();
    /** Cells that any of its runs looked at: stores to others change nothing of this. */
    final BitSet touched = new BitSet();
    /** Whether the thread can keep its promises. */
    boolean possible;

    void add(final Candidate candidate) {
        for (final Candidate known : candidates) {
            if (known.isSame(candidate)) {
                known.merge(candidate);
                return;
            }
        }
        candidates.add(candidate);
    }

    boolean has(final Candidate candidate) {
        for (final Candidate known : candidates) {
            if (known.isSame(candidate)) {
                return true;
            }
        }
        return false;
    }
}
