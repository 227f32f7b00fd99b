package io.netchannel.cpu.litmus.thread;

/** What an event is: a set of these bits. The names are those of herd's cat files where there is one. */
public final class Kind {

    public static final int R = 1;
    public static final int W = 1 << 1;
    /** Acquire, as LDAR. */
    public static final int A = 1 << 2;
    /** Acquire as LDAPR, ordered after earlier releases no more. */
    public static final int Q = 1 << 3;
    /** Release. */
    public static final int L = 1 << 4;
    /** Of an atomic read-modify-write instruction. */
    public static final int X = 1 << 5;
    /** Of an exclusive pair. */
    public static final int EX = 1 << 6;
    /** A read whose value no register takes: no barrier for loads orders it. */
    public static final int NO_RET = 1 << 7;
    public static final int RREG = 1 << 8;
    public static final int WREG = 1 << 9;
    /** The register gives an address. */
    public static final int ADDR = 1 << 10;
    /** The register gives a value to store. */
    public static final int DATA = 1 << 11;
    /** A conditional branch. */
    public static final int BCC = 1 << 12;
    /** The choice inside an instruction, as of CSEL or CAS. */
    public static final int PICK = 1 << 13;
    public static final int FENCE_FULL = 1 << 14;
    public static final int FENCE_LD = 1 << 15;
    public static final int FENCE_ST = 1 << 16;
    /** Of a fence: it is a DSB. */
    public static final int DSB = 1 << 17;
    public static final int ISB = 1 << 18;

    /** A read of a page-table entry that an access makes by itself. */
    public static final int IMPLICIT_TTD = 1 << 19;
    /** The read that fetches an instruction. */
    public static final int IMPLICIT_INSTR = 1 << 20;
    /** An access that its page-table entry forbids. */
    public static final int FAULT = 1 << 21;
    public static final int TLBI = 1 << 22;
    /** DC CVAU */
    public static final int DC = 1 << 23;
    /** IC IVAU */
    public static final int IC = 1 << 24;
    /** Of a TLBI: it reaches only the CPU that it runs on. */
    public static final int LOCAL = 1 << 25;

    public static final int MEMORY = R | W;
    public static final int IMPLICIT = IMPLICIT_TTD | IMPLICIT_INSTR;
    public static final int MAINTENANCE = TLBI | DC | IC;
    /** What other threads and the order of memory have to do with. */
    public static final int GLOBAL = MEMORY | FAULT | MAINTENANCE;

    private Kind() {
    }
}
