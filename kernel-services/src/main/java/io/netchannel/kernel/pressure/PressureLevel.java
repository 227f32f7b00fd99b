package io.netchannel.kernel.pressure;

/** How short memory is, the worst last. */
public enum PressureLevel {
    /** There is room, or too little is known. */
    NONE,
    /** On its way back to the high watermark. */
    LOW,
    /** Below the low watermark, or tasks wait for memory. */
    MEDIUM,
    /** About to run out: the next step is the kernel's, which kills. */
    CRITICAL
}
