package io.netchannel.samples.haproxy.config;

/** The word before a keyword. */
public enum Modifier {
    NONE, NO, DEFAULT
}
