package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;

/** The last operand of arithmetic: an immediate, or a register that is shifted or extended. */
record Operand(long immediate, Register register, Extension extension, int sizeBytes) {

    static Operand parse(final AssemblyLine line, final int index, final int sizeBytes) {
        line.expect(index + 1, index + 2);
        final Extension extension = line.count() > index + 1
                ? Extension.parse(line, line.operand(index + 1))
                : Extension.NONE;
        if (line.isImmediate(index)) {
            final long mask = ThreadRun.mask(sizeBytes);
            return new Operand(line.immediate(index) << extension.amount() & mask, null, extension, sizeBytes);
        }
        return new Operand(0, line.register(index), extension, sizeBytes);
    }

    Value read(final ThreadRun run) {
        return read(run, null, null);
    }

    /** @param left the first operand, if it is read already: the same register is one event */
    Value read(final ThreadRun run, final Register left, final Value leftValue) {
        if (register == null) {
            return Value.of(immediate);
        }
        final Value value = left != null && register.number() == left.number() ? leftValue : register.read(run);
        return value.with(extension.apply(value.bits(), sizeBytes) & ThreadRun.mask(sizeBytes));
    }
}
