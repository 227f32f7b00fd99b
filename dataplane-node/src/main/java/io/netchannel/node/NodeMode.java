package io.netchannel.node;

/** Which thread drives the device. */
public enum NodeMode {
    /** Each loop owns a queue pair and polls it itself: run to completion. */
    INLINE,
    /** One driver loop polls the device, classifies, and feeds each loop's ring. */
    CHANNEL
}
