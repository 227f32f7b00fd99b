package io.netchannel.cpu.litmus.axiom;

import static io.netchannel.cpu.litmus.thread.Kind.*;

import io.netchannel.cpu.litmus.thread.EventLog;

/**
 * Address, data and control dependencies of one thread, and their "pick" forms, which pass through a choice inside an
 * instruction (CSEL, CAS, the success of STXR). They go through registers and through the thread's own memory. After
 * aarch64deps.cat.
 */
final class AArch64Dependencies {

    final Relation po;
    final Relation poSameLocation;
    /** Local memory read successor: from a write to the reads after it that no own write comes between. */
    final Relation lmrs;
    final Relation addr;
    final Relation data;
    final Relation ctrl;
    final Relation pickAddr;
    final Relation pickData;
    final Relation pickCtrl;
    final Relation pick;

    private final EventLog log;

    AArch64Dependencies(final EventLog log) {
        this.log = log;
        final int count = log.count();
        po = pairs(count, (a, b) -> log.instruction(a) < log.instruction(b));
        poSameLocation = pairs(count, (a, b) -> log.is(a, MEMORY | DC | IC) && log.is(b, MEMORY | DC | IC)
                && log.place(a) == log.place(b) && log.instruction(a) < log.instruction(b));
        lmrs = nearest(W, R);
        final Relation iicoData = edges(log.data()).close();
        final Relation iicoCtrl = edges(log.ctrl()).close();
        final Relation dtrm = nearest(WREG, RREG).addAll(lmrs).addAll(iicoData).close();
        final Relation pickDtrm = dtrm.copy().addAll(iicoCtrl).close();
        final Events reads = Events.where(count, event -> log.is(event, R) && !log.is(event, IMPLICIT));
        final Events writes = Events.of(log, W);
        final Events all = Events.where(count, event -> true);
        final Relation ofAddress = iicoData.between(Events.withAll(log, RREG | ADDR),
                Events.of(log, MEMORY | MAINTENANCE));
        final Events dataRegisters = Events.withAll(log, RREG | DATA);
        final Relation ofData = iicoData.between(dataRegisters, writes);
        final Relation ofDataOrPick = iicoData.copy().addAll(iicoData.then(iicoCtrl)).between(dataRegisters, writes);
        final Relation ofBranch = iicoData.between(Events.of(log, RREG), Events.of(log, BCC)).then(po);

        final Relation toRegister = dtrm.and(po).between(reads, Events.of(log, RREG));
        addr = toRegister.then(ofAddress);
        data = toRegister.then(ofData);
        ctrl = toRegister.then(ofBranch);
        final Relation pickToRegister = pickDtrm.and(po).between(reads, Events.of(log, RREG));
        pickAddr = pickToRegister.then(ofAddress);
        pickData = pickToRegister.then(ofDataOrPick);
        pickCtrl = pickToRegister.then(ofBranch);
        pick = pickDtrm.between(reads, all).addAll(pickAddr).addAll(pickData).addAll(pickCtrl)
                .and(pairs(count, (a, b) -> log.instruction(a) != log.instruction(b)));
    }

    /** r; [first]; po to the same place; [second] with no [first] of that place between. */
    private Relation nearest(final int first, final int second) {
        final Relation result = new Relation(log.count());
        for (int to = 0; to < log.count(); to++) {
            if (log.is(to, second)) {
                int nearest = -1;
                for (int from = to - 1; from >= 0; from--) {
                    if (log.is(from, first) && log.place(from) == log.place(to)
                            && log.instruction(from) < log.instruction(to)
                            && (nearest < 0 || log.instruction(from) == nearest)) {
                        result.add(from, to);
                        nearest = log.instruction(from);
                    }
                }
            }
        }
        return result;
    }

    private interface Pair {
        boolean test(int first, int second);
    }

    private static Relation pairs(final int count, final Pair condition) {
        final Relation result = new Relation(count);
        for (int from = 0; from < count; from++) {
            for (int to = 0; to < count; to++) {
                if (condition.test(from, to)) {
                    result.add(from, to);
                }
            }
        }
        return result;
    }

    Relation edges(final EventLog.Edges edges) {
        final Relation result = new Relation(log.count());
        for (int i = 0; i < edges.size(); i++) {
            result.add(edges.from(i), edges.to(i));
        }
        return result;
    }
}
