package io.netchannel.samples.haproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterKeywordsTest {

    private final Diagnostics diagnostics = new Diagnostics();

    private ProxySection read(final String filter) throws Exception {
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("test.cfg", "listen l\nmode tcp\nbind 127.0.0.1:80\nfilter " + filter + "\n");
        return reader.finish().proxies().getLast();
    }

    @ParameterizedTest
    @CsvSource({"trace quiet, false", "trace name a random-forwarding quiet, true", "trace quiet random-parsing, false",
        "compression, false"})
    void shouldTakeTheFilterThatTracesForWhatItDoesToData(final String filter, final boolean random) throws Exception {
        assertThat(read(filter).get(FilterKeywords.RANDOM_FORWARDING)).isEqualTo(random);
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"trace, without 'quiet'", "trace quiet hexdump, 'hexdump' is not supported",
        "trace quiet x, unknown keyword 'x'",
        "trace quiet name, 'name' option without value", "spoe, 'spoe' is not supported",
        "cache, 'cache' is not supported"})
    void shouldRefuseByName(final String filter, final String reason) throws Exception {
        read(filter);
        assertThat(diagnostics.hasFailed()).isTrue();
        assertThat(diagnostics.messages().toString()).contains(reason);
    }
}
