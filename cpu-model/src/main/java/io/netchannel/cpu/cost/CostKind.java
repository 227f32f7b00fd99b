package io.netchannel.cpu.cost;

/** How much a figure is worth. */
public enum CostKind {

    /** Measured by {@code ./netchannel cpu}, on the machine that the source names. */
    MEASURED_HERE("measured here"),
    /** Measured by others, where the source says. */
    PUBLISHED("published"),
    /** No figure was found; the source says what stands in for it. */
    UNCALIBRATED("uncalibrated");

    private final String title;

    CostKind(final String title) {
        this.title = title;
    }

    /** For tables. */
    public String title() {
        return title;
    }
}
