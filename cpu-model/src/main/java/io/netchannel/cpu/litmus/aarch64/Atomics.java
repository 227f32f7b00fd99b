package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** LSE atomics: LDADD and its kind, the forms without a result (STADD), SWP, CAS. */
final class Atomics {

    private static final Pattern FETCH = Pattern
            .compile("(LD|ST)(ADD|CLR|SET|EOR|SMAX|SMIN|UMAX|UMIN)(AL|A|L|)([BH]?)");
    private static final Pattern SWAP = Pattern.compile("SWP(AL|A|L|)([BH]?)");
    private static final Pattern COMPARE = Pattern.compile("CAS(AL|A|L|)([BH]?)");

    private Atomics() {
    }

    static Instruction assemble(final AssemblyLine line) {
        Matcher matcher = FETCH.matcher(line.mnemonic());
        if (matcher.matches()) {
            return fetch(line, matcher);
        }
        matcher = SWAP.matcher(line.mnemonic());
        if (matcher.matches()) {
            return swap(line, matcher.group(1), matcher.group(2));
        }
        matcher = COMPARE.matcher(line.mnemonic());
        if (matcher.matches()) {
            return compare(line, matcher.group(1), matcher.group(2));
        }
        return ComparePairs.assemble(line);
    }

    static int readKind(final String order) {
        return order.startsWith("A") ? Kind.A : 0;
    }

    static int writeKind(final String order) {
        return order.endsWith("L") ? Kind.L : 0;
    }

    private static int size(final String suffix, final Register register) {
        return suffix.equals("B") ? 1 : suffix.equals("H") ? 2 : register.sizeBytes();
    }

    private static Instruction fetch(final AssemblyLine line, final Matcher matcher) {
        final boolean hasResult = matcher.group(1).equals("LD");
        final String order = matcher.group(3);
        if (!hasResult && order.startsWith("A")) {
            return null;
        }
        line.expect(hasResult ? 3 : 2, hasResult ? 3 : 2);
        final Register operand = line.register(0);
        final Register result = hasResult ? line.register(1) : new Register(Registers.ZERO, operand.sizeBytes());
        final Address address = line.address(hasResult ? 2 : 1);
        final String operation = matcher.group(2);
        final int size = size(matcher.group(4), operand);
        return run -> {
            final Value where = address.evaluate(run);
            final Value value = operand.read(run, Kind.DATA);
            final Value old = run.load(where, size, readAnnotations(result, order));
            final Value updated = old.with(apply(operation, old.bits(), value.bits(), size), value);
            run.store(where, updated, size, Kind.X | writeKind(order));
            result.write(run, old);
        };
    }

    /** A read whose result is thrown away is no acquire, and no barrier for loads orders it. */
    static int readAnnotations(final Register result, final String order) {
        return Kind.X | (result.isZero() ? Kind.NO_RET : readKind(order));
    }

    private static long apply(final String operation, final long a, final long b, final int sizeBytes) {
        final int shift = 64 - 8 * sizeBytes;
        return switch (operation) {
            case "ADD" -> a + b;
            case "CLR" -> a & ~b;
            case "SET" -> a | b;
            case "EOR" -> a ^ b;
            case "SMAX" -> Math.max(a << shift, b << shift) >> shift;
            case "SMIN" -> Math.min(a << shift, b << shift) >> shift;
            case "UMAX" -> Long.compareUnsigned(a << shift, b << shift) >= 0 ? a : b;
            default -> Long.compareUnsigned(a << shift, b << shift) <= 0 ? a : b;
        };
    }

    private static Instruction swap(final AssemblyLine line, final String order, final String suffix) {
        line.expect(3, 3);
        final Register operand = line.register(0);
        final Register result = line.register(1);
        final Address address = line.address(2);
        final int size = size(suffix, operand);
        return run -> {
            final Value where = address.evaluate(run);
            final Value value = operand.read(run, Kind.DATA);
            final Value old = run.load(where, size, readAnnotations(result, order));
            final int write = run.store(where, value, size, Kind.X | writeKind(order));
            run.order(old.from(), write);
            result.write(run, old);
        };
    }

    private static Instruction compare(final AssemblyLine line, final String order, final String suffix) {
        line.expect(3, 3);
        final Register expected = line.register(0);
        final Register desired = line.register(1);
        final Address address = line.address(2);
        final int size = size(suffix, expected);
        return run -> compare(run, expected, desired, address, order, size);
    }

    /**
     * A success takes the result from the register compared with or from memory, and a failure writes back what it read
     * or doesn't write: the architecture leaves both open, and dependencies differ.
     */
    private static void compare(final ThreadRun run, final Register expected, final Register desired,
            final Address address, final String order, final int size) {
        final Value where = address.evaluate(run);
        final Value compared = expected.read(run, Kind.DATA);
        final int way = run.choose(4);
        final boolean succeeds = way < 2;
        final Value fresh = succeeds ? desired.read(run, Kind.DATA) : null;
        final boolean writes = way != 3;
        final int kind = expected.isZero()
                ? Kind.NO_RET | (writes ? Kind.X : 0)
                : readKind(order) | (writes ? Kind.X : 0);
        final Value old = run.load(where, size, kind);
        run.require((old.bits() == (compared.bits() & ThreadRun.mask(size))) == succeeds);
        final int branch = run.decide(compared.with(0, old), Kind.PICK);
        if (writes) {
            run.store(where, succeeds ? fresh : old, size, Kind.X | writeKind(order), branch);
        }
        if (way == 0) {
            expected.write(run, compared.with(old.bits()), branch);
        } else {
            expected.write(run, old);
        }
    }
}
