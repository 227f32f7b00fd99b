package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;

/** A register as an operand: 4 or 8 bytes of it. Reading the zero register is no event. */
record Register(int number, int sizeBytes) {

    boolean isZero() {
        return number == Registers.ZERO;
    }

    Value read(final ThreadRun run, final int role) {
        if (isZero()) {
            return Value.of(0);
        }
        final Value value = run.register(number, role);
        return value.with(value.bits() & ThreadRun.mask(sizeBytes));
    }

    Value read(final ThreadRun run) {
        return read(run, 0);
    }

    void write(final ThreadRun run, final Value value, final int... ctrl) {
        if (!isZero()) {
            run.setRegister(number, value.with(value.bits() & ThreadRun.mask(sizeBytes)), ctrl);
        }
    }
}
