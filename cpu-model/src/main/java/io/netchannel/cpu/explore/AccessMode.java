package io.netchannel.cpu.explore;

/** The access modes of {@link java.lang.invoke.VarHandle}, weakest first. */
public enum AccessMode {
    PLAIN, OPAQUE, ACQUIRE, RELEASE, VOLATILE
}
