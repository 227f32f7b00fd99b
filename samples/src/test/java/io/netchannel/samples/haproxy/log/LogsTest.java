package io.netchannel.samples.haproxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogsTest {

    private static final ZoneId ZONE = ZoneId.of("+02:00");
    private static final long MICROS = Instant.parse("2009-02-06T10:14:14.123456Z").toEpochMilli() * 1_000 + 456;

    private final GlobalSettings global = new GlobalSettings();
    private final ProxySection proxy = new ProxySection(SectionKind.FRONTEND, "web", "f", 1, null);
    private final List<String> sent = new ArrayList<>();
    private boolean full;

    private static LogServer server(final String text) throws ConfigException {
        return LogServerParser.parse(new Line("f", 1, List.of(("log " + text).split(" "))), true);
    }

    private Logs logs() {
        return new Logs(global, ZONE, 14_389, () -> MICROS, _ -> new LineSender() {

            @Override
            public boolean send(final String line) {
                return !full && sent.add(line);
            }

            @Override
            public void close() {
                sent.clear();
            }
        });
    }

    private List<String> lines(final String server, final int level, final String message) throws ConfigException {
        proxy.append(LogSettings.SERVERS, server(server));
        try (Logs logs = logs()) {
            logs.send(proxy, level, message, "[x@1 a=\"b\"] ");
            return List.copyOf(sent);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"''|<134>Feb  6 12:14:14 haproxy[14389]: Server down",
        "format local|<134>Feb  6 12:14:14 haproxy[14389]: Server down",
        "format rfc3164|<134>Feb  6 12:14:14 localhost haproxy[14389]: Server down",
        "format rfc5424|<134>1 2009-02-06T12:14:14.123456+02:00 - haproxy 14389 - [x@1 a=\"b\"] Server down",
        "format priority|<134>Server down", "format short|<6>Server down",
        "format timed|<6>2009-02-06T12:14:14.123456+02:00 Server down",
        "format iso|2009-02-06T12:14:14.123456+02:00 Server down", "format raw|Server down"})
    void shouldWriteEachFormatsHeader(final String format, final String line) throws ConfigException {
        final String options = "''".equals(format) ? "" : format + " ";
        assertThat(lines("127.0.0.1 " + options + "local0", Syslog.INFO, "Server down\n"))
                .containsExactly(line.strip() + "\n");
    }

    @Test
    void shouldNameTheHostWhereItIsToBeSent() throws ConfigException {
        global.set(LogSettings.SEND_HOSTNAME, "edge7");
        assertThat(lines("127.0.0.1 user", Syslog.ERR, "x")).containsExactly(
                "<11>Feb  6 12:14:14 edge7 haproxy[14389]: x\n");
    }

    @Test
    void shouldUseTheProxysTag() throws ConfigException {
        proxy.set(LogSettings.TAG, "front");
        assertThat(lines("127.0.0.1 format local daemon", Syslog.NOTICE, "x")).containsExactly(
                "<29>Feb  6 12:14:14 front[14389]: x\n");
    }

    @Test
    void shouldSendOnlyWhatIsSevereEnoughAndNotMoreSeverelyThanAllowed() throws ConfigException {
        proxy.append(LogSettings.SERVERS, server("127.0.0.1 format short local0 notice err"));
        try (Logs logs = logs()) {
            logs.send(proxy, Syslog.INFO, "info");
            logs.send(proxy, Syslog.NOTICE, "notice");
            logs.send(proxy, Syslog.EMERG, "emerg");
            assertThat(sent).containsExactly("<5>notice\n", "<3>emerg\n");
        }
    }

    @Test
    void shouldCutLinesAtTheirLength() throws ConfigException {
        assertThat(lines("127.0.0.1 len 80 format raw local0", Syslog.INFO, "x".repeat(200)))
                .containsExactly("x".repeat(80) + "\n");
    }

    @Test
    void shouldCutLinesOfDescriptorsOneEarlier() throws ConfigException {
        assertThat(lines("stdout len 80 format raw local0", Syslog.INFO, "x".repeat(200)))
                .containsExactly("x".repeat(79) + "\n");
    }

    @Test
    void shouldTakeTheSampledMessages() throws ConfigException {
        proxy.append(LogSettings.SERVERS, server("127.0.0.1 format raw sample 2,4-5:6 local0"));
        try (Logs logs = logs()) {
            for (int i = 1; i <= 12; i++) {
                logs.send(proxy, Syslog.INFO, Integer.toString(i));
            }
            assertThat(sent).containsExactly("2\n", "4\n", "5\n", "8\n", "10\n", "11\n");
        }
    }

    @Test
    void shouldCountWhatCouldNotBeSent() throws ConfigException {
        proxy.append(LogSettings.SERVERS, server("127.0.0.1 local0"));
        full = true;
        try (Logs logs = logs()) {
            logs.send(proxy, Syslog.INFO, "x");
            logs.send(proxy, Syslog.INFO, "y");
            assertThat(logs.dropped()).isEqualTo(2);
        }
    }

    @Test
    void shouldSendToGlobalWhereThereIsNoProxy() throws ConfigException {
        global.append(LogSettings.GLOBAL_SERVERS, server("127.0.0.1 format raw local0"));
        try (Logs logs = logs()) {
            logs.send(null, Syslog.INFO, "x");
            logs.send(proxy, Syslog.INFO, "y");
            assertThat(sent).containsExactly("x\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"127.0.0.1|expects <address> and <facility> or global as arguments",
        "127.0.0.1 local9|unknown log facility 'local9'", "127.0.0.1 local0 loud|unknown optional log level 'loud'",
        "127.0.0.1 local0 info loud|unknown optional minimum log level 'loud'",
        "127.0.0.1 local0 info err more|cannot handle unexpected argument 'more'",
        "127.0.0.1 len 79 local0|invalid log length '79', must be between 80 and 65535",
        "127.0.0.1 format pretty local0|unknown log format 'pretty'", "127.0.0.1 sample 1 local0|Missing sample size",
        "127.0.0.1 sample 1-3,2:5 local0|ranges are overlapping",
        "127.0.0.1 sample 1-5:4 local0|sample size 4 should be greater or equal to 5 the maximum of the high ranges limits",
        "127.0.0.1 sample 3-1:4 local0|wrong sample range '3-1'",
        "127.0.0.1 sample 1:0 local0|wrong sample size '0' for sample range '1'"})
    void shouldSayWhatIsWrongWithALine(final String line, final String message) {
        assertThatThrownBy(() -> server(line)).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void shouldReadAddresses() throws ConfigException {
        assertThat(server("127.0.0.1 local0").destination().toString()).contains("/127.0.0.1:514");
        assertThat(server("udp@127.0.0.1:1514 local0").destination().toString()).contains("/127.0.0.1:1514");
        assertThat(server("[::1]:99 local0").destination().toString()).contains("]:99");
        assertThat(server("/dev/log local0").destination()).isEqualTo(new LogServer.UnixDatagram("/dev/log"));
        assertThat(server("stderr local0").destination()).isEqualTo(new LogServer.Descriptor(2));
        assertThatThrownBy(() -> server("ring@x local0")).hasMessageContaining("rings");
    }
}
