package io.netchannel.cpu.litmus.aarch64;

import io.netchannel.cpu.litmus.thread.Instruction;
import io.netchannel.cpu.litmus.thread.Kind;
import io.netchannel.cpu.litmus.thread.ThreadRun;
import io.netchannel.cpu.litmus.thread.Value;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CASP: two neighbouring words at once. */
final class ComparePairs {

    private static final Pattern MNEMONIC = Pattern.compile("CASP(AL|A|L|)");

    private final Register[] expected;
    private final Register[] desired;
    private final Address address;
    private final String order;

    private ComparePairs(final AssemblyLine line, final String order) {
        line.expect(5, 5);
        expected = new Register[]{line.register(0), line.register(1)};
        desired = new Register[]{line.register(2), line.register(3)};
        address = line.address(4);
        this.order = order;
    }

    static Instruction assemble(final AssemblyLine line) {
        final Matcher matcher = MNEMONIC.matcher(line.mnemonic());
        if (!matcher.matches()) {
            return null;
        }
        final ComparePairs pairs = new ComparePairs(line, matcher.group(1));
        return pairs::execute;
    }

    private void execute(final ThreadRun run) {
        final int size = expected[0].sizeBytes();
        final Value where = address.evaluate(run);
        final Value[] compared = {expected[0].read(run, Kind.DATA), expected[1].read(run, Kind.DATA)};
        final int way = run.choose(4);
        final boolean succeeds = way < 2;
        final boolean writes = way != 3;
        final Value[] fresh = succeeds
                ? new Value[]{desired[0].read(run, Kind.DATA), desired[1].read(run, Kind.DATA)}
                : null;
        final Value[] places = {where, where.with(where.bits() + size)};
        final Value[] old = new Value[2];
        for (int i = 0; i < 2; i++) {
            old[i] = run.load(places[i], size, Atomics.readKind(order) | (writes ? Kind.X : 0));
        }
        final boolean isEqual = old[0].bits() == compared[0].bits() && old[1].bits() == compared[1].bits();
        run.require(isEqual == succeeds);
        final Value both = compared[0].with(0, compared[1]).with(0, old[0]).with(0, old[1]);
        final int branch = run.decide(both, Kind.PICK);
        for (int i = 0; i < 2; i++) {
            if (writes) {
                run.store(places[i], succeeds ? fresh[i] : old[i], size, Kind.X | Atomics.writeKind(order), branch);
            }
            if (way == 0) {
                expected[i].write(run, compared[i].with(old[i].bits()), branch);
            } else {
                expected[i].write(run, old[i]);
            }
        }
    }
}
