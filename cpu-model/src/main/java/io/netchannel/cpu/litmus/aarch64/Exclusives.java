package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Value;

/** LDXR and STXR with their acquire and release forms. A store may always fail; it succeeds only where its load was. */
final class Exclusives {

    private Exclusives() {
    }

    static Instruction assemble(final AssemblyLine line) {
        return switch (line.mnemonic()) {
            case "LDXR" -> load(line, 0, 0);
            case "LDXRB" -> load(line, 1, 0);
            case "LDXRH" -> load(line, 2, 0);
            case "LDAXR" -> load(line, 0, Kind.A);
            case "LDAXRB" -> load(line, 1, Kind.A);
            case "LDAXRH" -> load(line, 2, Kind.A);
            case "STXR" -> store(line, 0, 0);
            case "STXRB" -> store(line, 1, 0);
            case "STXRH" -> store(line, 2, 0);
            case "STLXR" -> store(line, 0, Kind.L);
            case "STLXRB" -> store(line, 1, Kind.L);
            case "STLXRH" -> store(line, 2, Kind.L);
            default -> null;
        };
    }

    private static Instruction load(final AssemblyLine line, final int bytes, final int kind) {
        line.expect(2, 2);
        final Register target = line.register(0);
        final Address address = line.address(1);
        final int size = bytes == 0 ? target.sizeBytes() : bytes;
        return run -> {
            final Value where = address.evaluate(run);
            run.setRegister(Registers.MONITOR, where);
            run.setRegister(Registers.MONITOR_SIZE, Value.of(size));
            target.write(run, run.load(where, size, Kind.EX | kind));
        };
    }

    private static Instruction store(final AssemblyLine line, final int bytes, final int kind) {
        line.expect(3, 3);
        final Register status = line.register(0);
        final Register source = line.register(1);
        final Address address = line.address(2);
        final int size = bytes == 0 ? source.sizeBytes() : bytes;
        return run -> {
            final Value monitor = run.register(Registers.MONITOR, 0);
            final Value value = source.read(run, Kind.DATA);
            final Value where = address.evaluate(run);
            run.setRegister(Registers.MONITOR, Value.of(0), monitor.from());
            final boolean canSucceed = monitor.bits() == where.bits()
                    && run.peek(Registers.MONITOR_SIZE) == size;
            final boolean fails = !canSucceed || run.choose(2) == 1;
            status.write(run, Value.of(fails ? 1 : 0));
            if (!fails) {
                final int[] ctrl = {monitor.from()[0], where.from()[0]};
                run.store(where, value, size, Kind.EX | kind, ctrl);
            }
        };
    }
}
