package io.netchannel.kernel.storage.journal;

/**
 * What could not be served when a journal was opened.
 *
 * @param segment name of the file
 * @param offsetBytes where in it that begins
 * @param lengthBytes from there to the end of the file, or to the first record that is served
 * @param acknowledged whether it is proven that records were lost that had been durable, or a file ends as no power cut
 * leaves one; else this may be the rest that a power cut or a kill leaves of what nobody was told of
 * @param what in words
 */
public record Damage(String segment, int offsetBytes, int lengthBytes, boolean acknowledged, String what) {

    @Override
    public String toString() {
        return segment + " from byte " + offsetBytes + " (" + lengthBytes + " bytes): " + what + (acknowledged
                ? "; records are lost that were durable"
                : "; no loss of what was acknowledged is proven");
    }
}
