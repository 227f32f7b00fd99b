package io.netchannel.tcpip.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The format of resolv.conf(5). */
final class ResolvConfTest {

    @Test
    void shouldReadServersSearchListAndOptions() {
        final ResolverConfig config = ResolverConfig.parse("""
                # made by hand
                domain ignored.test
                nameserver 10.0.0.1
                nameserver fe80::1%eth0
                search a.test b.test.
                options ndots:2 timeout:3 attempts:4 rotate edns0
                """);
        assertThat(config.servers()).containsExactly(IpAddress.parse("10.0.0.1"), IpAddress.parse("fe80::1"));
        assertThat(config.searchDomains()).containsExactly("a.test", "b.test");
        assertThat(config.ndots()).isEqualTo(2);
        assertThat(config.timeoutNs()).isEqualTo(3_000_000_000L);
        assertThat(config.attempts()).isEqualTo(4);
        assertThat(config.rotate()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "nameserver", "nameserver ten", "; nameserver 10.0.0.1", "options",
        "options ndots",
        "options ndots:x timeout:-1 attempts:99999999999", "search", "search no!name", "sortlist 10.0.0.0/8", "\0"})
    void shouldSkipWhatMakesNoSense(final String text) {
        assertThat(ResolverConfig.parse(text)).isEqualTo(ResolverConfig.of(List.of()));
    }

    @Test
    void shouldTakeTheLimitWhereANumberIsBeyondIt() {
        final ResolverConfig config = ResolverConfig.parse("options ndots:99 timeout:999 attempts:0\n"
                + "nameserver 10.0.0.1\n".repeat(9) + "search" + String.join(" a", Collections.nCopies(99, "")));
        assertThat(config.ndots()).isEqualTo(15);
        assertThat(config.timeoutNs()).isEqualTo(30_000_000_000L);
        assertThat(config.attempts()).isEqualTo(1);
        assertThat(config.servers()).hasSize(3);
        assertThat(config.searchDomains()).hasSize(ResolverConfig.MAX_SEARCH_DOMAINS);
    }
}
