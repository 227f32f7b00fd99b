package io.netchannel.cpu.explore;

/**
 * An execution that must not be.
 *
 * @param what one line
 * @param trace the accesses, one a line
 * @param vector for {@link Explorer#replay}
 * @param cause what the code threw, or null
 */
public record Violation(String what, String trace, String vector, Throwable cause) {

    @Override
    public String toString() {
        return what + System.lineSeparator() + trace + "replay with vector \"" + vector + '"';
    }
}
