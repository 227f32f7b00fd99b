package io.netchannel.samples.haproxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of the configuration manual's normalize-uri, and corners. */
final class UriNormalizerTest {

    @ParameterizedTest
    @CsvSource({"//,/", "/foo//bar,/foo/bar", "/a///b//,/a/b/", "/,/"})
    void shouldMergeSlashes(final String path, final String normal) {
        assertThat(UriNormalizer.mergeSlashes(path)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({"/.,/", "/./bar/,/bar/", "/a/./a,/a/a", "/.well-known/,/.well-known/", "/a/.,/a/"})
    void shouldStripDots(final String path, final String normal) {
        assertThat(UriNormalizer.stripDot(path)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({"/foo/../,/,/", "/foo/../bar/,/bar/,/bar/", "/foo/bar/../,/foo/,/foo/", "/../bar/,/../bar/,/bar/",
        "/bar/../../,/../,/", "/foo//../,/foo/,/foo/", "/foo/..,/,/", "/bar/..,/,/", "/..,/../,/",
        "/a/b/../../c,/c,/c", "/plain,/plain,/plain", "/foo/./../,/foo/,/foo/"})
    void shouldStripDotDots(final String path, final String normal, final String full) {
        assertThat(UriNormalizer.stripDotDot(path, false)).isEqualTo(normal);
        assertThat(UriNormalizer.stripDotDot(path, true)).isEqualTo(full);
    }

    @ParameterizedTest
    @CsvSource({"?c=3&a=1&b=2,?a=1&b=2&c=3", "?aaa=3&a=1&aa=2,?a=1&aa=2&aaa=3",
        "?a=3&b=4&a=1&b=5&a=2,?a=3&a=1&a=2&b=4&b=5",
        "?x,?x"})
    void shouldSortQueries(final String query, final String sorted) {
        assertThat(UriNormalizer.sortQuery(query)).isEqualTo(sorted);
    }

    @Test
    void shouldTreatPercentSigns() {
        assertThat(UriNormalizer.percent("/%6f?%c3%zz%", false, false)).isEqualTo("/%6F?%C3%zz%");
        assertThat(UriNormalizer.percent("/%zz", true, false)).isNull();
        assertThat(UriNormalizer.percent("/%41%2f%7E%2d", false, true)).isEqualTo("/A%2f~-");
        assertThat(UriNormalizer.percent("/%4", true, true)).isNull();
    }
}
