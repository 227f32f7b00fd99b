package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.Value;
import java.util.List;
import java.util.Locale;

/** TLBI by address, DC CVAU and IC IVAU: of stage 1, as the tests of the reader's guide have them. */
final class MaintenanceInstructions {

    private static final List<String> BY_ADDRESS = List.of("VAE1", "VAAE1", "VALE1", "VAALE1");

    private MaintenanceInstructions() {
    }

    static Instruction assemble(final AssemblyLine line) {
        return switch (line.mnemonic()) {
            case "TLBI" -> invalidateTranslation(line);
            case "DC" -> cache(line, "CVAU", Kind.DC);
            case "IC" -> cache(line, "IVAU", Kind.IC);
            default -> null;
        };
    }

    private static Instruction invalidateTranslation(final AssemblyLine line) {
        final String operation = line.operand(0).toUpperCase(Locale.ROOT);
        final boolean isShared = operation.endsWith("IS");
        final String scope = isShared ? operation.substring(0, operation.length() - 2) : operation;
        if (!BY_ADDRESS.contains(scope)) {
            throw line.unsupported("TLBI " + line.operand(0), "of VAE1, VAAE1, VALE1, VAALE1, with or without IS");
        }
        line.expect(2, 2);
        final Register page = line.register(1);
        final int kind = Kind.TLBI | (isShared ? 0 : Kind.LOCAL);
        return run -> {
            final Value number = page.read(run, Kind.ADDR);
            run.maintain(kind, number, run.translationOf(number.bits()));
        };
    }

    private static Instruction cache(final AssemblyLine line, final String known, final int kind) {
        if (!line.operand(0).equalsIgnoreCase(known)) {
            throw line.unsupported(line.mnemonic() + " " + line.operand(0), "of " + known);
        }
        line.expect(2, 2);
        final Register register = line.register(1);
        return run -> {
            final Value address = register.read(run, Kind.ADDR);
            run.maintain(kind, address, address.bits());
        };
    }
}
