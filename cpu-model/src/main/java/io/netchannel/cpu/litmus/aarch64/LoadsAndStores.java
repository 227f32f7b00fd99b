package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Value;

/** LDR, STR and their acquire and release forms, of 1 to 8 bytes, alone and in pairs. */
final class LoadsAndStores {

    private LoadsAndStores() {
    }

    static Instruction assemble(final AssemblyLine line) {
        return switch (line.mnemonic()) {
            case "LDR", "LDUR" -> load(line, 0, 0, 0);
            case "LDRB", "LDURB" -> load(line, 1, 0, 0);
            case "LDRH", "LDURH" -> load(line, 2, 0, 0);
            case "LDRSB", "LDURSB" -> load(line, 1, 1, 0);
            case "LDRSH", "LDURSH" -> load(line, 2, 1, 0);
            case "LDRSW", "LDURSW" -> load(line, 4, 1, 0);
            case "LDAR" -> load(line, 0, 0, Kind.A);
            case "LDARB" -> load(line, 1, 0, Kind.A);
            case "LDARH" -> load(line, 2, 0, Kind.A);
            case "LDAPR", "LDAPUR" -> load(line, 0, 0, Kind.Q);
            case "LDAPRB", "LDAPURB" -> load(line, 1, 0, Kind.Q);
            case "LDAPRH", "LDAPURH" -> load(line, 2, 0, Kind.Q);
            case "STR", "STUR" -> store(line, 0, 0);
            case "STRB", "STURB" -> store(line, 1, 0);
            case "STRH", "STURH" -> store(line, 2, 0);
            case "STLR", "STLUR" -> store(line, 0, Kind.L);
            case "STLRB", "STLURB" -> store(line, 1, Kind.L);
            case "STLRH", "STLURH" -> store(line, 2, Kind.L);
            case "LDP", "LDNP" -> loadPair(line, 0);
            case "LDPSW" -> loadPair(line, -1);
            case "LDIAPP" -> loadPair(line, Kind.Q);
            case "STP", "STNP" -> storePair(line, 0);
            case "STILP" -> storePair(line, Kind.L);
            default -> null;
        };
    }

    private static Instruction load(final AssemblyLine line, final int bytes, final int signed, final int kind) {
        line.expect(2, kind == 0 ? 3 : 2);
        final Register target = line.register(0);
        final Address address = line.address(1);
        final int size = bytes == 0 ? target.sizeBytes() : bytes;
        return run -> {
            final Value where = address.evaluate(run);
            address.stepBase(run, where);
            final Value value = run.load(where, size, kind);
            target.write(run, value.with(signed != 0 ? signExtend(value.bits(), size) : value.bits()));
        };
    }

    private static long signExtend(final long value, final int sizeBytes) {
        final int shift = 64 - 8 * sizeBytes;
        return value << shift >> shift;
    }

    private static Instruction store(final AssemblyLine line, final int bytes, final int kind) {
        line.expect(2, kind == 0 ? 3 : 2);
        final Register source = line.register(0);
        final Address address = line.address(1);
        final int size = bytes == 0 ? source.sizeBytes() : bytes;
        return run -> {
            final Value where = address.evaluate(run);
            final Value value = source.read(run, Kind.DATA);
            address.stepBase(run, where);
            run.store(where, value, size, kind);
        };
    }

    private static final int SIGNED_WORDS = -1;

    private static Instruction loadPair(final AssemblyLine line, final int kind) {
        line.expect(3, 4);
        final Register first = line.register(0);
        final Register second = line.register(1);
        final Address address = line.address(2);
        final boolean isSigned = kind == SIGNED_WORDS;
        final int annotation = isSigned ? 0 : kind;
        final int size = isSigned ? 4 : first.sizeBytes();
        return run -> {
            final Value where = address.evaluate(run);
            address.stepBase(run, where);
            final Value low = run.load(where, size, annotation);
            final Value high = run.load(where.with(where.bits() + size), size, annotation);
            if (annotation != 0) {
                run.order(low.from(), high.from());
            }
            first.write(run, low.with(isSigned ? signExtend(low.bits(), 4) : low.bits()));
            second.write(run, high.with(isSigned ? signExtend(high.bits(), 4) : high.bits()));
        };
    }

    private static Instruction storePair(final AssemblyLine line, final int kind) {
        line.expect(3, 4);
        final Register first = line.register(0);
        final Register second = line.register(1);
        final Address address = line.address(2);
        final int size = first.sizeBytes();
        return run -> {
            final Value where = address.evaluate(run);
            address.stepBase(run, where);
            final int low = run.store(where, first.read(run, Kind.DATA), size, kind);
            final int high = run.store(where.with(where.bits() + size), second.read(run, Kind.DATA), size, kind);
            if (kind != 0 && address.writeBack() == Address.WriteBack.NONE) {
                run.order(new int[]{low}, high);
            } else if (kind != 0) {
                // STILP with write-back pushes a stack, whose order is downwards.
                run.order(new int[]{high}, low);
            }
        };
    }
}
