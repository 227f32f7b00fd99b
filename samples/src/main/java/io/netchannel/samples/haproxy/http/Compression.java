package io.netchannel.samples.haproxy.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code compression algo} names. */
public enum Compression {

    IDENTITY("identity"), GZIP("gzip"),
    /** The zlib format, RFC 1950, as RFC 9110 section 8.4.1.2 has it. */
    DEFLATE("deflate"),
    /** RFC 1951 without a wrapping, under the same name: what some browsers take for it. */
    RAW_DEFLATE("deflate");

    private final String coding;

    Compression(final String coding) {
        this.coding = coding;
    }

    /** As content codings are named. */
    public String coding() {
        return coding;
    }

    /** As the configuration has it. */
    public String algorithm() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param algorithms known names */
    public static List<Compression> ofAlgorithms(final List<String> algorithms) {
        final List<Compression> found = new ArrayList<>();
        for (final String algorithm : algorithms) {
            found.add(valueOf(algorithm.toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        return List.copyOf(found);
    }
}
