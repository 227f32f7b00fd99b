package io.netchannel.samples.haproxy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.load.LoadFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What wrk says in the end. */
final class WrkTest {

    private static final LoadProfile PROFILE = new LoadProfile(4, 100);

    private static RequestCounts counts(final String counted) {
        return Wrk.counts("Running 1s test @ http://127.0.0.1:1/body\n" + counted + "\n", PROFILE);
    }

    @Test
    void shouldReadWhatWrkCounted() {
        final RequestCounts counts = counts("counted 6000 1500000 900000 214 1258 0 0");
        assertThat(counts).isEqualTo(new RequestCounts(6000, 6000, 1_500_000_000, 214, 1258));
        assertThat(counts.perSecond()).isEqualTo(4000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "counted 10 1000000 5000 214 1258 3 2 | 3 responses of 10 have a status of 400 or more, 2 requests failed",
        "counted 10 1000000 999 214 1258 0 0  | 10 responses have 999 bytes: bodies are shorter than 100 bytes",
        "unable to connect                    | unable to connect"})
    void shouldRefuseWrongResponses(final String counted, final String what) {
        assertThatThrownBy(() -> counts(counted)).isInstanceOf(LoadFailure.class).hasMessageContaining(what);
    }
}
