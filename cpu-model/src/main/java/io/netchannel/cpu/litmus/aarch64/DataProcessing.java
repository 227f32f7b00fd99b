package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;

/** Moves, arithmetic, logic, shifts, and what computes from flags. */
final class DataProcessing {

    private DataProcessing() {
    }

    static Instruction assemble(final AssemblyLine line) {
        return switch (line.mnemonic()) {
            case "MOV" -> move(line);
            case "MVN" -> not(line);
            case "NEG" -> negate(line);
            case "MOVZ" -> moveWide(line, false);
            case "MOVN" -> moveWide(line, true);
            case "MOVK" -> moveKeep(line);
            case "ADD", "SUB", "EOR", "ORR", "AND", "BIC", "ORN", "EON" -> operation(line, line.mnemonic(), false, 0);
            case "ADDS", "SUBS", "ANDS", "BICS" ->
                operation(line, line.mnemonic().substring(0, 3), true, 0);
            case "CMP" -> operation(line, "SUB", true, -1);
            case "CMN" -> operation(line, "ADD", true, -1);
            case "TST" -> operation(line, "AND", true, -1);
            case "LSL", "LSR", "ASR", "ROR" -> shift(line);
            case "SXTB", "SXTH", "SXTW", "UXTB", "UXTH", "UXTW" -> extend(line);
            case "MUL", "UDIV", "SDIV" -> multiply(line);
            case "MADD", "MSUB" -> multiplyAdd(line);
            case "UBFM", "SBFM", "UBFX", "SBFX" -> bitField(line);
            case "CSEL", "CSINC", "CSINV", "CSNEG" -> select(line);
            case "CSET", "CSETM", "CINC", "CINV", "CNEG" -> conditionalAlias(line);
            default -> null;
        };
    }

    private static Instruction move(final AssemblyLine line) {
        line.expect(2, 2);
        final Register target = line.register(0);
        if (line.isImmediate(1)) {
            final long value = line.immediate(1);
            return run -> target.write(run, Value.of(value));
        }
        final Register source = line.register(1);
        return run -> target.write(run, source.read(run));
    }

    private static Instruction not(final AssemblyLine line) {
        final Register target = line.register(0);
        final Operand operand = Operand.parse(line, 1, target.sizeBytes());
        return run -> {
            final Value value = operand.read(run);
            target.write(run, value.with(~value.bits()));
        };
    }

    private static Instruction negate(final AssemblyLine line) {
        final Register target = line.register(0);
        final Operand operand = Operand.parse(line, 1, target.sizeBytes());
        return run -> {
            final Value value = operand.read(run);
            target.write(run, value.with(-value.bits()));
        };
    }

    private static long shiftOf(final AssemblyLine line, final int index) {
        final Extension extension = line.count() > index
                ? Extension.parse(line, line.operand(index))
                : Extension.NONE;
        if (!extension.name().equals("LSL") || extension.amount() % 16 != 0) {
            throw line.malformed(line.operand(index), "LSL #0, #16, #32 or #48 expected");
        }
        return extension.amount();
    }

    private static Instruction moveWide(final AssemblyLine line, final boolean isInverted) {
        line.expect(2, 3);
        final Register target = line.register(0);
        final long shifted = line.immediate(1) << shiftOf(line, 2);
        return run -> target.write(run, Value.of(isInverted ? ~shifted : shifted));
    }

    private static Instruction moveKeep(final AssemblyLine line) {
        line.expect(2, 3);
        final Register target = line.register(0);
        final long shift = shiftOf(line, 2);
        final long shifted = (line.immediate(1) & 0xFFFF) << shift;
        return run -> {
            final Value old = target.read(run);
            target.write(run, old.with(old.bits() & ~(0xFFFFL << shift) | shifted));
        };
    }

    /** @param first operand that names the target; -1 if only the flags are kept */
    private static Instruction operation(final AssemblyLine line, final String name, final boolean setsFlags,
            final int first) {
        line.expect(first + 3, first + 4);
        final Register left = line.register(first + 1);
        final Register target = first < 0 ? new Register(Registers.ZERO, left.sizeBytes()) : line.register(first);
        final Operand right = Operand.parse(line, first + 2, target.sizeBytes());
        return run -> {
            final Value a = left.read(run);
            final Value b = right.read(run, left, a);
            final Value result = a.with(compute(name, a.bits(), b.bits()), b);
            target.write(run, result);
            if (setsFlags) {
                run.setRegister(Registers.NZCV,
                        result.with(flags(name, a.bits(), b.bits(), result.bits(), target.sizeBytes())));
            }
        };
    }

    private static long compute(final String name, final long a, final long b) {
        return switch (name) {
            case "ADD" -> a + b;
            case "SUB" -> a - b;
            case "EOR" -> a ^ b;
            case "ORR" -> a | b;
            case "AND" -> a & b;
            case "BIC" -> a & ~b;
            case "ORN" -> a | ~b;
            default -> a ^ ~b;
        };
    }

    private static int flags(final String name, final long a, final long b, final long result, final int sizeBytes) {
        return switch (name) {
            case "ADD" -> Condition.flagsOfSum(a, b, 0, sizeBytes);
            case "SUB" -> Condition.flagsOfSum(a, ~b, 1, sizeBytes);
            default -> Condition.flagsOfLogic(result, sizeBytes);
        };
    }

    private static Instruction shift(final AssemblyLine line) {
        line.expect(3, 3);
        final Register target = line.register(0);
        final Register source = line.register(1);
        final String name = line.mnemonic();
        final int bits = 8 * target.sizeBytes();
        if (line.isImmediate(2)) {
            final Extension extension = new Extension(name, (int) line.immediate(2) & bits - 1);
            return run -> {
                final Value value = source.read(run);
                target.write(run, value.with(extension.apply(value.bits(), target.sizeBytes())));
            };
        }
        final Register amount = line.register(2);
        return run -> {
            final Value value = source.read(run);
            final Value by = amount.read(run);
            final Extension extension = new Extension(name, (int) by.bits() & bits - 1);
            target.write(run, value.with(extension.apply(value.bits(), target.sizeBytes()), by));
        };
    }

    private static Instruction extend(final AssemblyLine line) {
        line.expect(2, 2);
        final Register target = line.register(0);
        final Register source = line.register(1);
        final Extension extension = new Extension(line.mnemonic(), 0);
        return run -> {
            final Value value = source.read(run);
            target.write(run, value.with(extension.apply(value.bits(), target.sizeBytes())));
        };
    }

    private static Instruction multiply(final AssemblyLine line) {
        line.expect(3, 3);
        final Register target = line.register(0);
        final Register left = line.register(1);
        final Register right = line.register(2);
        final String name = line.mnemonic();
        return run -> {
            final Value a = left.read(run);
            final Value b = right.read(run);
            target.write(run, a.with(product(name, a.bits(), b.bits(), target.sizeBytes()), b));
        };
    }

    private static long product(final String name, final long a, final long b, final int sizeBytes) {
        if (name.equals("MUL")) {
            return a * b;
        }
        if (b == 0) {
            return 0;
        }
        if (name.equals("UDIV")) {
            return Long.divideUnsigned(a, b);
        }
        return sizeBytes == 4 ? (int) a / (int) b : a / b;
    }

    private static Instruction multiplyAdd(final AssemblyLine line) {
        line.expect(4, 4);
        final Register target = line.register(0);
        final Register left = line.register(1);
        final Register right = line.register(2);
        final Register addend = line.register(3);
        final int sign = line.mnemonic().equals("MADD") ? 1 : -1;
        return run -> {
            final Value a = left.read(run);
            final Value b = right.read(run);
            final Value c = addend.read(run);
            target.write(run, a.with(0, b).with(c.bits() + sign * a.bits() * b.bits(), c));
        };
    }

    private static Instruction bitField(final AssemblyLine line) {
        line.expect(4, 4);
        final Register target = line.register(0);
        final Register source = line.register(1);
        final int bits = 8 * target.sizeBytes();
        final boolean isExtract = line.mnemonic().endsWith("X");
        final long low = line.immediate(2);
        final long high = isExtract ? low + line.immediate(3) - 1 : line.immediate(3);
        if (low < 0 || high < 0 || low >= bits || high >= bits) {
            throw line.malformed(line.operand(3), "bit > " + (bits - 1));
        }
        final boolean isSigned = line.mnemonic().startsWith("S");
        return run -> {
            final Value value = source.read(run);
            final int length = (int) (high >= low ? high - low + 1 : high + 1);
            final long field = high >= low ? value.bits() >>> low : value.bits();
            final long extended = isSigned
                    ? field << 64 - length >> 64 - length
                    : field & (length == 64 ? -1L : (1L << length) - 1);
            target.write(run, value.with(high >= low ? extended : extended << bits - low));
        };
    }

    private static Condition condition(final AssemblyLine line, final int index) {
        final Condition condition = Condition.of(line.operand(index).toUpperCase(java.util.Locale.ROOT));
        if (condition == null) {
            throw line.malformed(line.operand(index), "condition expected");
        }
        return condition;
    }

    private static Instruction select(final AssemblyLine line) {
        line.expect(4, 4);
        return select(line.register(0), line.register(1), line.register(2), condition(line, 3), line.mnemonic());
    }

    private static Instruction conditionalAlias(final AssemblyLine line) {
        final boolean isSet = line.mnemonic().startsWith("CSET");
        line.expect(isSet ? 2 : 3, isSet ? 2 : 3);
        final Register target = line.register(0);
        final Register source = isSet ? new Register(Registers.ZERO, target.sizeBytes()) : line.register(1);
        final Condition condition = condition(line, isSet ? 1 : 2);
        final String name = switch (line.mnemonic()) {
            case "CSET", "CINC" -> "CSINC";
            case "CSETM", "CINV" -> "CSINV";
            default -> "CSNEG";
        };
        return select(target, source, source, condition.inverted(), name);
    }

    /** Only the register that is chosen is read, after the choice: herd's weak form of predication. */
    private static Instruction select(final Register target, final Register first, final Register second,
            final Condition condition, final String name) {
        return run -> {
            final Value flags = run.register(Registers.NZCV, 0);
            final int branch = run.decide(flags, Kind.PICK);
            final boolean holds = condition.holds((int) flags.bits());
            final Value value = pick(run, holds ? first : second, branch);
            final long bits = value.bits();
            final long result = holds ? bits : switch (name) {
                case "CSINC" -> bits + 1;
                case "CSINV" -> ~bits;
                case "CSNEG" -> -bits;
                default -> bits;
            };
            if (value.from().length == 0) {
                target.write(run, value.with(result), branch);
            } else {
                target.write(run, value.with(result));
            }
        };
    }

    private static Value pick(final ThreadRun run, final Register source, final int branch) {
        final Value value = source.read(run);
        run.control(branch, value.from());
        return value;
    }
}
