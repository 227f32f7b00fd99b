package io.netchannel.samples.load;

import java.util.Locale;

/** What is compared: a constant of an enum, mostly. */
public interface PathKind {

    String name();

    /** For the report. */
    String description();

    /** As the user writes it. */
    default String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
