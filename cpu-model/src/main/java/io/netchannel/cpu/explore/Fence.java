package io.netchannel.cpu.explore;

/** The fences of {@link java.lang.invoke.VarHandle}. */
public enum Fence {
    ACQUIRE, RELEASE, FULL
}
