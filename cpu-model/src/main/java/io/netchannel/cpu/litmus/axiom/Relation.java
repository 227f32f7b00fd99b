package io.netchannel.cpu.litmus.axiom;

/** A relation over numbered events, as a matrix of bits. The operations are those of herd's cat language. */
public final class Relation {

    private final int count;
    private final int words;
    private final long[] bits;

    public Relation(final int count) {
        this(count, new long[count * ((count + 63) >> 6)]);
    }

    private Relation(final int count, final long[] bits) {
        this.count = count;
        this.words = (count + 63) >> 6;
        this.bits = bits;
    }

    public int count() {
        return count;
    }

    public boolean has(final int from, final int to) {
        return (bits[from * words + (to >> 6)] & 1L << to) != 0;
    }

    public void add(final int from, final int to) {
        bits[from * words + (to >> 6)] |= 1L << to;
    }

    public Relation copy() {
        return new Relation(count, bits.clone());
    }

    /** Adds all pairs of another relation. @return this */
    public Relation addAll(final Relation other) {
        for (int i = 0; i < bits.length; i++) {
            bits[i] |= other.bits[i];
        }
        return this;
    }

    /** r ; s */
    public Relation then(final Relation next) {
        final Relation result = new Relation(count);
        for (int from = 0; from < count; from++) {
            for (int word = 0; word < words; word++) {
                for (long row = bits[from * words + word]; row != 0; row &= row - 1) {
                    final int middle = (word << 6) + Long.numberOfTrailingZeros(row);
                    for (int k = 0; k < words; k++) {
                        result.bits[from * words + k] |= next.bits[middle * words + k];
                    }
                }
            }
        }
        return result;
    }

    /** The transitive closure, r+; in place. @return this */
    public Relation close() {
        for (int middle = 0; middle < count; middle++) {
            for (int from = 0; from < count; from++) {
                if (has(from, middle)) {
                    for (int k = 0; k < words; k++) {
                        bits[from * words + k] |= bits[middle * words + k];
                    }
                }
            }
        }
        return this;
    }

    /** r & s */
    public Relation and(final Relation other) {
        final Relation result = copy();
        for (int i = 0; i < bits.length; i++) {
            result.bits[i] &= other.bits[i];
        }
        return result;
    }

    /** [from]; r; [to] */
    public Relation between(final Events from, final Events to) {
        final Relation result = new Relation(count);
        for (int event = 0; event < count; event++) {
            if (from.has(event)) {
                for (int k = 0; k < words; k++) {
                    result.bits[event * words + k] = bits[event * words + k] & to.word(k);
                }
            }
        }
        return result;
    }
}
