package io.netchannel.cpu.litmus.x86;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import java.util.List;

/** The instructions of x86. */
final class Assembler {

    private static final List<String> LOCKABLE = List.of("add", "sub", "and", "or", "xor", "inc", "dec", "neg", "not",
            "xadd", "cmpxchg", "xchg");

    private Assembler() {
    }

    static Instruction assemble(final AssemblyLine line) {
        final String mnemonic = line.mnemonic();
        if (mnemonic.startsWith("j") || mnemonic.startsWith("set") || mnemonic.startsWith("cmov")) {
            final Instruction conditional = conditional(line);
            if (conditional != null) {
                return conditional;
            }
        }
        Instruction instruction = assemble(line, mnemonic, 0);
        final int suffix = suffixBytes(mnemonic);
        if (instruction == null && suffix > 0) {
            instruction = assemble(line, mnemonic.substring(0, mnemonic.length() - 1), suffix);
        }
        if (instruction == null) {
            throw line.unknown();
        }
        return instruction;
    }

    private static int suffixBytes(final String mnemonic) {
        return switch (mnemonic.charAt(mnemonic.length() - 1)) {
            case 'b' -> 1;
            case 'w' -> 2;
            case 'l' -> 4;
            case 'q' -> 8;
            default -> 0;
        };
    }

    private static Instruction assemble(final AssemblyLine line, final String name, final int suffixBytes) {
        if (line.isLocked() && !LOCKABLE.contains(name)) {
            if (suffixBytes == 0 && LOCKABLE.contains(name.substring(0, name.length() - 1))) {
                return null;
            }
            throw line.malformed("lock", "not before " + name);
        }
        switch (name) {
            case "nop", "endbr64" :
                return run -> {
                };
            case "mfence" :
                line.expect(0);
                return run -> run.fence(Kind.FENCE_FULL);
            case "lfence", "sfence" :
                // Loads and stores are each in order already: of normal memory these order nothing more.
                line.expect(0);
                return run -> {
                };
            case "movnti", "movntdqa", "clflush", "clflushopt", "clwb" :
                throw line.unsupported(name, "not ordered as x86-TSO orders");
            default :
                return arithmetic(line, name, line.sizeBytes(suffixBytes));
        }
    }

    private static Instruction arithmetic(final AssemblyLine line, final String name, final int size) {
        return switch (name) {
            case "mov" -> move(line, size);
            case "xchg" -> exchange(line, size);
            case "xadd" -> exchangeAdd(line, size);
            case "cmpxchg" -> compareExchange(line, size);
            case "add", "sub", "and", "or", "xor", "shl", "shr", "cmp", "test" -> binary(line, name, size);
            case "inc", "dec", "neg", "not" -> unary(line, name, size);
            default -> null;
        };
    }

    private static Operand destination(final AssemblyLine line, final int index, final int size) {
        final Operand operand = line.operand(index, size);
        if (operand.form() == Operand.Form.IMMEDIATE) {
            throw line.malformed(line.mnemonic(), "the destination is a number");
        }
        if (line.isLocked() && !operand.isMemory()) {
            throw line.malformed("lock", "the destination isn't memory");
        }
        return operand;
    }

    private static Instruction move(final AssemblyLine line, final int size) {
        line.expect(2);
        final Operand target = destination(line, 0, size);
        final Operand source = line.operand(1, size);
        if (target.isMemory() && source.isMemory()) {
            throw line.malformed(line.mnemonic(), "both operands are memory");
        }
        return run -> target.write(run, source.read(run, false), false);
    }

    /** With memory it is locked, with or without the prefix. */
    private static Instruction exchange(final AssemblyLine line, final int size) {
        line.expect(2);
        final Operand first = line.operand(0, size);
        final Operand second = line.operand(1, size);
        final Operand memory = second.isMemory() ? second : first;
        final Operand other = second.isMemory() ? first : second;
        if (other.form() != Operand.Form.REGISTER || memory.form() == Operand.Form.IMMEDIATE) {
            throw line.malformed(line.mnemonic(), "a register and another register or memory expected");
        }
        return run -> {
            final long fresh = other.read(run, false);
            final long old = memory.read(run, true);
            memory.write(run, fresh, true);
            other.write(run, old, false);
        };
    }

    private static Instruction exchangeAdd(final AssemblyLine line, final int size) {
        line.expect(2);
        final Operand target = destination(line, 0, size);
        final Operand source = line.operand(1, size);
        if (source.form() != Operand.Form.REGISTER) {
            throw line.malformed(line.mnemonic(), "register expected");
        }
        final boolean isAtomic = line.isLocked();
        return run -> {
            final long old = target.read(run, isAtomic);
            final long added = source.read(run, false);
            target.write(run, old + added, isAtomic);
            source.write(run, old, false);
            run.poke(Registers.FLAGS, Flags.ofSum(old, added, size));
        };
    }

    /** A failure only reads, and is a locked read all the same, as in herd. */
    private static Instruction compareExchange(final AssemblyLine line, final int size) {
        line.expect(2);
        final Operand target = destination(line, 0, size);
        final Operand source = line.operand(1, size);
        final Operand accumulator = Operand.register(Registers.ACCUMULATOR, size);
        final boolean isAtomic = line.isLocked();
        return run -> {
            final long old = target.read(run, isAtomic);
            final long expected = accumulator.read(run, false);
            run.poke(Registers.FLAGS, Flags.ofDifference(expected, old, size));
            if (old == expected) {
                target.write(run, source.read(run, false), isAtomic);
            } else {
                accumulator.write(run, old, false);
            }
        };
    }

    private static Instruction binary(final AssemblyLine line, final String name, final int size) {
        line.expect(2);
        final boolean isTest = name.equals("cmp") || name.equals("test");
        final Operand target = isTest ? line.operand(0, size) : destination(line, 0, size);
        final Operand source = line.operand(1, size);
        if (target.isMemory() && source.isMemory()) {
            throw line.malformed(line.mnemonic(), "both operands are memory");
        }
        final boolean isAtomic = line.isLocked();
        return run -> {
            final long a = target.read(run, isAtomic);
            final long b = source.read(run, false);
            if (!isTest) {
                target.write(run, compute(name, a, b), isAtomic);
            }
            run.poke(Registers.FLAGS, switch (name) {
                case "add" -> Flags.ofSum(a, b, size);
                case "sub", "cmp" -> Flags.ofDifference(a, b, size);
                default -> Flags.ofLogic(compute(name, a, b), size);
            });
        };
    }

    private static long compute(final String name, final long a, final long b) {
        return switch (name) {
            case "add" -> a + b;
            case "sub" -> a - b;
            case "or" -> a | b;
            case "xor" -> a ^ b;
            case "shl" -> a << b;
            case "shr" -> a >>> b;
            default -> a & b;
        };
    }

    private static Instruction unary(final AssemblyLine line, final String name, final int size) {
        line.expect(1);
        final Operand target = destination(line, 0, size);
        final boolean isAtomic = line.isLocked();
        return run -> {
            final long old = target.read(run, isAtomic);
            final long oldFlags = run.peek(Registers.FLAGS);
            target.write(run, switch (name) {
                case "inc" -> old + 1;
                case "dec" -> old - 1;
                case "neg" -> -old;
                default -> ~old;
            }, isAtomic);
            run.poke(Registers.FLAGS, switch (name) {
                case "inc" -> Flags.keepingCarry(Flags.ofSum(old, 1, size), oldFlags);
                case "dec" -> Flags.keepingCarry(Flags.ofDifference(old, 1, size), oldFlags);
                case "neg" -> Flags.ofDifference(0, old, size);
                default -> oldFlags;
            });
        };
    }

    private static Instruction conditional(final AssemblyLine line) {
        final String mnemonic = line.mnemonic();
        if (mnemonic.equals("jmp")) {
            line.expect(1);
            final int target = line.label(0);
            return run -> run.jump(target);
        }
        final int prefix = mnemonic.startsWith("j") ? 1 : mnemonic.startsWith("set") ? 3 : 4;
        String condition = mnemonic.substring(prefix);
        int suffix = 0;
        if (!Flags.isCondition(condition) && prefix == 4) {
            suffix = suffixBytes(mnemonic);
            condition = condition.isEmpty() ? condition : condition.substring(0, condition.length() - 1);
        }
        if (!Flags.isCondition(condition)) {
            return null;
        }
        final String name = condition;
        if (prefix == 1) {
            line.expect(1);
            final int target = line.label(0);
            return run -> {
                if (Flags.holds(name, run.peek(Registers.FLAGS))) {
                    run.jump(target);
                }
            };
        }
        return prefix == 3 ? setOn(line, name) : moveOn(line, name, line.sizeBytes(suffix));
    }

    private static Instruction setOn(final AssemblyLine line, final String condition) {
        line.expect(1);
        final Operand target = destination(line, 0, 1);
        return run -> target.write(run, Flags.holds(condition, run.peek(Registers.FLAGS)) ? 1 : 0, false);
    }

    private static Instruction moveOn(final AssemblyLine line, final String condition, final int size) {
        line.expect(2);
        final Operand target = destination(line, 0, size);
        final Operand source = line.operand(1, size);
        return run -> {
            // The load happens whatever the condition is.
            final long value = source.read(run, false);
            if (Flags.holds(condition, run.peek(Registers.FLAGS))) {
                target.write(run, value, false);
            }
        };
    }
}
