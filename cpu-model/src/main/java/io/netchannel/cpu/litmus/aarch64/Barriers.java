package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import java.util.Locale;

/** DMB and DSB with every option, ISB. The domain (SY, ISH, OSH, NSH) makes no difference between CPUs of one system. */
final class Barriers {

    private Barriers() {
    }

    static Instruction assemble(final AssemblyLine line) {
        switch (line.mnemonic()) {
            case "DMB" :
                final int dmb = option(line);
                return run -> run.fence(dmb);
            case "DSB" :
                final int dsb = option(line) | Kind.DSB;
                return run -> run.fence(dsb);
            case "ISB" :
                line.expect(0, 1);
                return run -> run.fence(Kind.ISB);
            default :
                return null;
        }
    }

    private static int option(final AssemblyLine line) {
        line.expect(1, 1);
        return switch (line.operand(0).toUpperCase(Locale.ROOT)) {
            case "SY", "ISH", "OSH", "NSH" -> Kind.FENCE_FULL;
            case "LD", "ISHLD", "OSHLD", "NSHLD" -> Kind.FENCE_LD;
            case "ST", "ISHST", "OSHST", "NSHST" -> Kind.FENCE_ST;
            default -> throw line.malformed(line.operand(0), "SY, ISH, OSH, NSH, with LD or ST, expected");
        };
    }
}
