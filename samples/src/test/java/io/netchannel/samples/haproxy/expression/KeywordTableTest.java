package io.netchannel.samples.haproxy.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netchannel.samples.haproxy.expression.converter.Converters;
import io.netchannel.samples.haproxy.expression.fetch.Fetches;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** All keywords that haproxy 2.6.12 lists ({@code -dKsmp,cnv,acl}): where they may stand, what they take and yield. */
class KeywordTableTest {

    /** What needs OpenSSL's insides, HTX, a cache, FastCGI, or is of a later fix of 2.6. */
    private static final String ABSENT = "internal\\.htx.*|ssl_fc_.*_secret.*|ssl_[fb]c_(npn|unique_id|session_key|.*_random|"
            + "cipherlist_.*|extlist_bin|eclist_bin|ecformats_bin|protocol_hello_id)|res\\.cache_.*|fcgi\\..*|distcc_.*|"
            + "ssl_[fb]c_hsk_.*|table_expire|table_idle";

    private static String written(final Signature signature) {
        final List<String> names = signature.types().stream().map(ArgType::label).toList();
        if (names.isEmpty()) {
            return "";
        }
        final String mandatory = String.join(",", names.subList(0, signature.mandatory()));
        final String optional = String.join(",", names.subList(signature.mandatory(), names.size()));
        final String comma = mandatory.isEmpty() ? "" : ",";
        return "(" + mandatory + (optional.isEmpty() ? "" : "[" + comma + optional + "]") + ")";
    }

    private static String columns(final int points) {
        final StringBuilder columns = new StringBuilder();
        for (final Point point : Point.values()) {
            columns.append((points & point.bit()) != 0 ? 'x' : '.');
        }
        return columns.toString();
    }

    private static String ours(final String kind, final String name) {
        if (kind.equals("fetch")) {
            final Fetch fetch = Fetches.find(name);
            return fetch == null
                    ? "none"
                    : columns(fetch.points()) + "\t" + written(fetch.signature()) + "\t" + fetch.output().label();
        }
        if (kind.equals("converter")) {
            final Converter converter = Converters.find(name);
            return converter == null
                    ? "none"
                    : written(converter.signature()) + "\t" + converter.output().label() + "\t"
                            + converter.input().label();
        }
        final AclKeyword keyword = AclKeyword.find(name);
        // Methods, groups and versions have a comparison of their own, which the list doesn't show.
        return keyword == null ? "none" : keyword.fetch() + "\t" + switch (keyword.method()) {
            case METHOD, GROUP -> "str";
            case VERSION -> "int";
            default -> keyword.method().label();
        };
    }

    @Test
    void shouldKnowWhatHaproxyKnows() throws IOException {
        final List<String> wrong = new ArrayList<>();
        for (final String line : Files.readAllLines(Haproxy.resources().resolve("keywords.tsv"),
                StandardCharsets.ISO_8859_1)) {
            final List<String> row = List.of(line.split("\t", -1));
            final String expected = row.stream().skip(2).collect(Collectors.joining("\t"));
            final String got = ours(row.get(0), row.get(1));
            if (!got.equals(expected) && !(got.equals("none") && row.get(1).matches(ABSENT))) {
                wrong.add(row.get(0) + " " + row.get(1) + ": " + got + " instead of " + expected);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }
}
