package io.netchannel.cpu.litmus.thread;

import io.netchannel.cpu.litmus.LitmusException;
import java.util.Arrays;

/**
 * One run of one thread, alone: what a load returns is a choice among the values that its location may ever hold. It
 * records each access to a register or to memory as an event, and how the events of an instruction depend on each other.
 * Not thread-safe.
 */
public final class ThreadRun {

    /** Ends a run before its last instruction. */
    static final class Ended extends RuntimeException {

        /** This run can't be, and counts for nothing. */
        static final Ended DROPPED = new Ended();
        /** A fault ends the thread: herd's default. */
        static final Ended FAULTED = new Ended();

        private static final long serialVersionUID = 1L;

        private Ended() {
            super(null, null, false, false);
        }
    }

    private final Choices choices;
    private final Domains domains;
    private final EventLog log;
    private final long[] registers;
    /** Registers whose value comes from a load. */
    private final boolean[] isFromMemory;
    private int programCounter;
    private int current;
    private int instruction;
    private boolean isJumpByConstants;
    private final Features features;
    private final boolean isUser;
    private int translatedInstruction = -1;

    ThreadRun(final Choices choices, final Domains domains, final EventLog log, final long[] registers,
            final Features features, final int thread) {
        this.features = features;
        this.isUser = features.userThreads().contains(thread);
        this.choices = choices;
        this.domains = domains;
        this.log = log;
        this.registers = registers.clone();
        this.isFromMemory = new boolean[registers.length];
    }

    int programCounter() {
        return programCounter;
    }

    void step(final int index) {
        current = index;
        programCounter = index + 1;
        instruction++;
        isJumpByConstants = false;
    }

    int instructionsRun() {
        return instruction;
    }

    /** Whether the instruction decided where to go by what no load has a part in: a counted loop. */
    boolean isJumpByConstants() {
        return isJumpByConstants;
    }

    long[] registers() {
        return registers;
    }

    /** @return the index of this instruction in the program */
    public int current() {
        return current;
    }

    /** Goes on at an instruction of the program. */
    public void jump(final int target) {
        require(target >= 0);
        programCounter = target;
    }

    /** Reads a register. @param role 0, {@link Kind#ADDR} or {@link Kind#DATA} */
    public Value register(final int register, final int role) {
        final int event = log.add(Kind.RREG | role, instruction, register, registers[register], 0);
        log.setFromMemory(event, isFromMemory[register]);
        return new Value(registers[register], new int[]{event});
    }

    /** Reads a register outside of the model: the flags of x86, which nothing there depends on. */
    public long peek(final int register) {
        return registers[register];
    }

    /** Writes a register outside of the model. */
    public void poke(final int register, final long value) {
        registers[register] = value;
    }

    public void setRegister(final int register, final Value value, final int... ctrl) {
        registers[register] = value.bits();
        isFromMemory[register] = log.isFromMemory(value.from()) || log.isFromMemory(ctrl);
        final int event = log.add(Kind.WREG, instruction, register, value.bits(), 0);
        log.data(value.from(), event);
        log.ctrl(ctrl, event);
    }

    /** Loads from memory. @return what was read, and that it comes from this read */
    public Value load(final Value address, final int sizeBytes, final int annotations, final int... ctrl) {
        if (features.vmsa() && domains.isVirtual(address.bits())) {
            final Value entry = translate(address, annotations, false);
            return access(physical(address, entry), sizeBytes, Kind.R | annotations, join(ctrl, lastEvent()));
        }
        return access(address, sizeBytes, Kind.R | annotations, ctrl);
    }

    private int lastEvent() {
        return log.count() - 1;
    }

    private static int[] join(final int[] events, final int event) {
        final int[] more = Arrays.copyOf(events, events.length + 1);
        more[events.length] = event;
        return more;
    }

    /** Reads the page-table entry of an address, and decides by it. @return the entry; ends the run at a fault */
    private Value translate(final Value address, final int annotations, final boolean isWrite) {
        if (translatedInstruction == instruction || (annotations & (Kind.X | Kind.EX)) != 0) {
            throw LitmusException.unsupported(1, "Variant=vmsa", "with atomics, exclusives or pairs");
        }
        translatedInstruction = instruction;
        final Value entry = access(address.with(domains.entryAddress(address.bits())), 8, Kind.R | Kind.IMPLICIT_TTD);
        final PageTableEntry decoded = PageTableEntry.ofBits(entry.bits());
        require(decoded != null);
        final int decision = decide(entry, Kind.PICK);
        final PageTableEntry.Fault fault = decoded.faultOf(isWrite, isUser);
        if (fault != null) {
            final long code = (long) current << 8 | fault.ordinal();
            final int event = log.add(Kind.FAULT, instruction, address.bits(), code, 0);
            log.ctrl(new int[]{decision}, event);
            throw Ended.FAULTED;
        }
        return entry;
    }

    private static Value physical(final Value address, final Value entry) {
        final long page = PageTableEntry.ofBits(entry.bits()).output();
        return address.with(page + (address.bits() & 0xFFF), entry);
    }

    private Value access(final Value address, final int sizeBytes, final int kind, final int... ctrl) {
        final long[] values = domains.valuesAt(address.bits(), sizeBytes);
        if (values == null) {
            throw Ended.DROPPED;
        }
        final long value = values[choices.choose(values.length)];
        final int event = log.add(kind, instruction, address.bits(), value, sizeBytes);
        log.data(address.from(), event);
        log.ctrl(ctrl, event);
        return new Value(value & mask(sizeBytes), new int[]{event});
    }

    /** Stores to memory. @return the number of the event */
    public int store(final Value address, final Value value, final int sizeBytes, final int annotations,
            final int... ctrl) {
        if (features.vmsa() && domains.isVirtual(address.bits())) {
            final Value entry = translate(address, annotations, true);
            return write(physical(address, entry), value, sizeBytes, annotations, join(ctrl, lastEvent()));
        }
        return write(address, value, sizeBytes, annotations, ctrl);
    }

    /** Fetches the instruction at an address. @return the number that stands for its text */
    public long fetch(final long address) {
        final Value fetched = access(Value.of(address), 4, Kind.R | Kind.IMPLICIT_INSTR);
        decide(fetched, Kind.PICK);
        return fetched.bits();
    }

    /** TLB or cache maintenance of an address. @param place what it reaches: see {@link #translationOf} */
    public void maintain(final int kind, final Value address, final long place) {
        final int event = log.add(kind, instruction, place, 0, 0);
        log.data(address.from(), event);
    }

    /** @return the address of the page-table entry for a page number; 0 if there is no such page */
    public long translationOf(final long page) {
        return domains.isVirtual(page << 12) ? domains.entryAddress(page << 12) : 0;
    }

    private int write(final Value address, final Value value, final int sizeBytes, final int annotations,
            final int... ctrl) {
        if (!domains.isMemory(address.bits(), sizeBytes)) {
            throw Ended.DROPPED;
        }
        final int event = log.add(Kind.W | annotations, instruction, address.bits(), value.bits() & mask(sizeBytes),
                sizeBytes);
        log.data(address.from(), event);
        log.data(value.from(), event);
        log.ctrl(ctrl, event);
        return event;
    }

    /** A conditional branch, or a choice inside the instruction. @return the number of the event */
    public int decide(final Value condition, final int kind) {
        final int event = log.add(kind, instruction, 0, condition.bits(), 0);
        log.setFromMemory(event, log.isFromMemory(condition.from()));
        isJumpByConstants = !log.isFromMemory(condition.from());
        log.data(condition.from(), event);
        return event;
    }

    public void fence(final int kind) {
        log.add(kind, instruction, 0, 0, 0);
    }

    /** Says that within this instruction one access comes before the other. */
    public void order(final int[] before, final int... after) {
        log.order(before, after);
    }

    /** One of the ways in which an instruction may go. @return 0 to count - 1 */
    public int choose(final int count) {
        return choices.choose(count);
    }

    /** Says that an event happens only as an earlier choice of this instruction went. */
    public void control(final int choice, final int... events) {
        for (final int event : events) {
            log.ctrl(new int[]{choice}, event);
        }
    }

    /** Drops this run unless the condition holds. */
    public void require(final boolean condition) {
        if (!condition) {
            throw Ended.DROPPED;
        }
    }

    public static long mask(final int sizeBytes) {
        return sizeBytes >= 8 ? -1L : (1L << 8 * sizeBytes) - 1;
    }
}
