package io.netchannel.cpu.litmus.axiom;

import static io.netchannel.cpu.litmus.thread.Kind.*;

import io.netchannel.cpu.litmus.thread.EventLog;
import io.netchannel.cpu.litmus.thread.LocalOrder;
import io.netchannel.cpu.litmus.thread.Orders;
import io.netchannel.cpu.litmus.thread.ReadModifyWrites;
import java.util.stream.IntStream;

/** What AArch64 orders inside of one thread: local-hw-reqs of aarch64hwreqs.cat, relation by relation. */
public final class AArch64Order implements LocalOrder {

    @Override
    public boolean toleratesOwnWrites() {
        return true;
    }

    @Override
    public Orders ordersOf(final EventLog log) {
        return new Local(log).orders();
    }

    /** The relations of one log, under the names of the cat file. */
    private static final class Local {

        private final EventLog log;
        private final AArch64Dependencies deps;
        private final Relation po;
        private final Events memory;
        private final Events explicit;
        private final Events reads;
        private final Events writes;
        private final Events entryReads;
        private final Events fetches;
        private final Events accessOrFault;
        /** What a dependency through control orders. */
        private final Events effects;
        private final Relation rmw;
        private final Relation translation;

        Local(final EventLog log) {
            this.log = log;
            deps = new AArch64Dependencies(log);
            po = deps.po;
            memory = Events.of(log, MEMORY);
            explicit = where(MEMORY, IMPLICIT);
            reads = where(R, IMPLICIT);
            writes = Events.of(log, W);
            entryReads = Events.of(log, IMPLICIT_TTD);
            fetches = Events.of(log, IMPLICIT_INSTR);
            accessOrFault = where(MEMORY | FAULT, IMPLICIT);
            effects = Events.of(log, W | MAINTENANCE);
            rmw = readModifyWrites();
            final Events picks = Events.of(log, PICK);
            translation = deps.edges(log.data()).between(entryReads, picks)
                    .then(deps.edges(log.ctrl()).between(picks, accessOrFault));
        }

        private Events where(final int some, final int none) {
            return Events.where(log.count(), e -> log.is(e, some) && !log.is(e, none));
        }

        Orders orders() {
            final Relation dsb = dsbOrdered();
            final Relation isb = isbOrdered(dsb);
            final Relation lob = intrinsicallyOrdered().addAll(localWriteSuccessor()).addAll(dependencyOrdered())
                    .addAll(pickOrdered()).addAll(atomicOrdered()).addAll(barrierOrdered())
                    .addAll(sameLineOrdered()).addAll(dsb).addAll(isb).close();
            final Relation ordered = lob.copy().addAll(deps.pick.then(lob).between(reads, writes)).close();
            return new Orders(ordered, dsb.copy().addAll(isb), translation);
        }

        /** intr-ob, f-ob */
        private Relation intrinsicallyOrdered() {
            return deps.edges(log.order()).between(explicit, explicit).addAll(translation)
                    .addAll(po.between(fetches, Events.where(log.count(), e -> !fetches.has(e))));
        }

        /** lmws */
        private Relation localWriteSuccessor() {
            return deps.poSameLocation.between(where(MEMORY, IMPLICIT_INSTR), writes);
        }

        /** dob */
        private Relation dependencyOrdered() {
            final Relation throughMemory = deps.addr.between(reads, explicit).addAll(deps.data).then(deps.lmrs)
                    .between(reads, reads);
            return deps.addr.copy().addAll(deps.data).addAll(deps.ctrl.between(reads, effects))
                    .addAll(deps.addr.between(reads, explicit).then(po).between(reads, writes)).addAll(throughMemory)
                    .addAll(translation.between(entryReads, explicit).then(po).between(entryReads, writes));
        }

        /** pob */
        private Relation pickOrdered() {
            return deps.pickAddr.between(reads, effects).addAll(deps.pickData)
                    .addAll(deps.pickCtrl.between(reads, effects))
                    .addAll(deps.pickAddr.between(reads, explicit).then(po).between(reads, writes));
        }

        /** aob */
        private Relation atomicOrdered() {
            return rmw.copy().addAll(rmw.then(deps.lmrs).between(reads, Events.of(log, A | Q)));
        }

        private Relation readModifyWrites() {
            final Relation pairs = new Relation(log.count());
            final int[] readOf = ReadModifyWrites.readOfWrite(log, IntStream.range(0, log.count()).toArray());
            for (int event = 0; event < readOf.length; event++) {
                if (readOf[event] >= 0) {
                    pairs.add(readOf[event], event);
                }
            }
            return pairs;
        }

        /** bob */
        private Relation barrierOrdered() {
            final Events acquires = Events.where(log.count(), e -> reads.has(e) && log.is(e, A));
            final Events anyAcquires = Events.where(log.count(), e -> reads.has(e) && log.is(e, A | Q));
            final Events releases = Events.where(log.count(), e -> writes.has(e) && log.is(e, L));
            final Events fullAtomics = Events.where(log.count(), e -> releases.has(e) && log.is(e, X)
                    && isAfterAny(acquires, e));
            final Events clean = where(MEMORY | DC, IMPLICIT);
            return around(clean, fence(FENCE_FULL, false), where(MEMORY | DC | FAULT, IMPLICIT))
                    .addAll(around(where(R, IMPLICIT | NO_RET), fence(FENCE_LD, false), accessOrFault))
                    .addAll(around(writes, fence(FENCE_ST, false), Events.of(log, W | FAULT)))
                    .addAll(po.between(fullAtomics, accessOrFault)).addAll(po.between(releases, acquires))
                    .addAll(po.between(anyAcquires, accessOrFault)).addAll(po.between(explicit, releases));
        }

        private boolean isAfterAny(final Events first, final int event) {
            return IntStream.range(0, log.count()).anyMatch(e -> first.has(e) && rmw.has(e, event));
        }

        /** po-scl-ob: cleaning a line, and accesses to it. */
        private Relation sameLineOrdered() {
            final Events clean = Events.of(log, DC);
            return deps.poSameLocation.between(explicit, clean).addAll(deps.poSameLocation.between(clean, explicit))
                    .addAll(deps.poSameLocation.between(clean, clean));
        }

        /** DSB-ob: a DSB orders also what isn't an access to memory, as an ISB; but no later translation or fetch. */
        private Relation dsbOrdered() {
            final Events later = Events.where(log.count(), e -> !log.is(e, IMPLICIT));
            return around(Events.of(log, MEMORY | MAINTENANCE), fence(FENCE_FULL, true), later)
                    .addAll(around(where(R, IMPLICIT | NO_RET), fence(FENCE_LD, true), later))
                    .addAll(around(writes, fence(FENCE_ST, true), later));
        }

        /** IFB-ob */
        private Relation isbOrdered(final Relation dsb) {
            final Events isb = Events.of(log, ISB);
            return deps.ctrl.copy().addAll(deps.pickCtrl)
                    .addAll(deps.addr.copy().addAll(deps.pickAddr).between(reads, explicit).then(po))
                    .addAll(translation.between(entryReads, explicit).then(po)).addAll(dsb)
                    .between(Events.of(log, MEMORY | MAINTENANCE), isb).then(po);
        }

        private Events fence(final int kind, final boolean isDsb) {
            return Events.where(log.count(), e -> log.is(e, kind) && log.is(e, DSB) == isDsb);
        }

        private Relation around(final Events before, final Events fences, final Events after) {
            return po.between(before, fences).then(po.between(fences, after));
        }
    }
}
