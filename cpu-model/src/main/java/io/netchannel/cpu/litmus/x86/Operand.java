package io.netchannel.cpu.litmus.x86;

import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;

/** An immediate, a register, or memory at base + index * scale + offset. Dependencies order nothing here and aren't kept. */
record Operand(Form form, int base, int index, long scale, long offset, int sizeBytes) {

    enum Form {
        IMMEDIATE, REGISTER, MEMORY
    }

    static Operand immediate(final long value, final int sizeBytes) {
        return new Operand(Form.IMMEDIATE, -1, -1, 0, value & ThreadRun.mask(sizeBytes), sizeBytes);
    }

    static Operand register(final int number, final int sizeBytes) {
        return new Operand(Form.REGISTER, number, -1, 0, 0, sizeBytes);
    }

    /** @param base -1 without one @param index -1 without one */
    static Operand memory(final int base, final int index, final long scale, final long offset, final int sizeBytes) {
        return new Operand(Form.MEMORY, base, index, scale, offset, sizeBytes);
    }

    boolean isMemory() {
        return form == Form.MEMORY;
    }

    long address(final ThreadRun run) {
        return (base < 0 ? 0 : run.peek(base)) + (index < 0 ? 0 : run.peek(index) * scale) + offset;
    }

    long read(final ThreadRun run, final boolean isAtomic) {
        return switch (form) {
            case IMMEDIATE -> offset;
            case REGISTER -> run.peek(base) & ThreadRun.mask(sizeBytes);
            case MEMORY -> run.load(Value.of(address(run)), sizeBytes, isAtomic ? Kind.X : 0).bits();
        };
    }

    void write(final ThreadRun run, final long value, final boolean isAtomic) {
        final long mask = ThreadRun.mask(sizeBytes);
        if (form == Form.MEMORY) {
            run.store(Value.of(address(run)), Value.of(value), sizeBytes, isAtomic ? Kind.X : 0);
        } else {
            // Writing 32 bits clears the upper half; writing 8 or 16 leaves the rest.
            final long kept = sizeBytes >= 4 ? 0 : run.peek(base) & ~mask;
            run.poke(base, kept | value & mask);
        }
    }
}
