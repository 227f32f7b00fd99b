package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Value;

/** B, B.cond, CBZ, CBNZ, TBZ, TBNZ, NOP. */
final class Branches {

    private Branches() {
    }

    static Instruction assemble(final AssemblyLine line) {
        final String mnemonic = line.mnemonic();
        switch (mnemonic) {
            case "NOP" :
                line.expect(0, 0);
                return run -> {
                };
            case "B" :
                return jump(line);
            case "CBZ", "CBNZ" :
                return compareAndBranch(line, mnemonic.equals("CBZ"));
            case "TBZ", "TBNZ" :
                return testAndBranch(line, mnemonic.equals("TBZ"));
            default :
                final String condition = mnemonic.startsWith("B.") ? mnemonic.substring(2) : mnemonic.substring(1);
                return mnemonic.startsWith("B") && Condition.of(condition) != null
                        ? conditional(line, Condition.of(condition))
                        : null;
        }
    }

    private static Instruction jump(final AssemblyLine line) {
        line.expect(1, 1);
        final String text = line.operand(0);
        if (!text.startsWith(".")) {
            final int target = line.label(0);
            return run -> run.jump(target);
        }
        final String offset = text.substring(1).replace("+", "").strip();
        final long bytes = line.immediate(offset);
        if (bytes % 4 != 0 || Math.abs(bytes) > 4096) {
            throw line.malformed(text, "offset of whole instructions expected");
        }
        return run -> run.jump(run.current() + (int) bytes / 4);
    }

    private static Instruction conditional(final AssemblyLine line, final Condition condition) {
        line.expect(1, 1);
        final int target = line.label(0);
        return run -> {
            final Value flags = run.register(Registers.NZCV, 0);
            run.decide(flags, Kind.BCC);
            if (condition.holds((int) flags.bits())) {
                run.jump(target);
            }
        };
    }

    private static Instruction compareAndBranch(final AssemblyLine line, final boolean onZero) {
        line.expect(2, 2);
        final Register register = line.register(0);
        final int target = line.label(1);
        return run -> {
            final Value value = register.read(run);
            run.decide(value, Kind.BCC);
            if ((value.bits() == 0) == onZero) {
                run.jump(target);
            }
        };
    }

    private static Instruction testAndBranch(final AssemblyLine line, final boolean onZero) {
        line.expect(3, 3);
        final Register register = line.register(0);
        final long bit = line.immediate(1);
        if (bit < 0 || bit > 63) {
            throw line.malformed(line.operand(1), "bit > 63");
        }
        final int target = line.label(2);
        return run -> {
            final Value value = register.read(run);
            run.decide(value, Kind.BCC);
            if ((value.bits() >>> bit & 1) == 0 == onZero) {
                run.jump(target);
            }
        };
    }
}
