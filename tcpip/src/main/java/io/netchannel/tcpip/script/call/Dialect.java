package io.netchannel.tcpip.script.call;

/** Whose behaviour a script describes. */
public enum Dialect {
    LINUX,
    /**
     * Symbols have Linux's numbers here too, so that one implementation of the calls serves both; TCP options are
     * compared without regard to their order and padding.
     */
    FREEBSD
}
