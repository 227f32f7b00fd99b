package io.netchannel.samples.haproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import io.netchannel.samples.haproxy.config.Units.Parsed;
import io.netchannel.samples.haproxy.config.Units.TimeUnit;
import io.netchannel.samples.haproxy.config.Units.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers with units: configuration manual, 2.5. */
final class UnitsTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1500,1500", "3s,3000", "2m,120000", "1h,3600000", "1d,86400000", "1us,1", "1500us,2", "7ms,7",
        "2147483647,2147483647"})
    void shouldReadTimeInMilliseconds(final String text, final long millis) {
        assertThat(Units.time(text, TimeUnit.MS)).isEqualTo(new Parsed(Verdict.OK, millis, '\0'));
    }

    @ParameterizedTest
    @CsvSource({"2147483648", "25d", "99999999999999999999999"})
    void shouldSayThatTimeIsTooLong(final String text) {
        assertThat(Units.time(text, TimeUnit.MS).verdict()).isEqualTo(Verdict.OVERFLOW);
    }

    @ParameterizedTest
    @CsvSource({"x,x", "5x,x", "5u,u", "-5,-"})
    void shouldNameCharThatIsNoUnit(final String text, final char unexpected) {
        assertThat(Units.time(text, TimeUnit.MS)).isEqualTo(new Parsed(Verdict.UNEXPECTED, 0, unexpected));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "17,17", "1k,1024", "3m,3145728", "1G,1073741824"})
    void shouldReadSize(final String text, final long bytes) {
        assertThat(Units.size(text)).isEqualTo(new Parsed(Verdict.OK, bytes, '\0'));
    }

    @ParameterizedTest
    @CsvSource({"k", "4g", "4294967296", "1kb", "1t"})
    void shouldRefuseWhatIsNoSize(final String text) {
        assertThat(Units.size(text).isOk()).isFalse();
    }

    @Test
    void shouldRoundUpToTheUnitOfTheResult() {
        qt().forAll(longs().between(0, 2_000_000_000_000L)).check(micros -> Units.time(micros + "us", TimeUnit.MS)
                .equals(new Parsed(Verdict.OK, Math.ceilDiv(micros, 1000), '\0')));
    }

    @ParameterizedTest
    @CsvSource({"12,12", "-3x,-3", "x,0", "' +7 ',7"})
    void shouldReadLeadingIntegerAsC(final String text, final long value) {
        assertThat(Units.leadingInteger(text)).isEqualTo(value);
    }
}
