package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.WordCursor;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What {@code option redis-check} and its like come to: steps, written as lines of tcp-check are. */
final class ProtocolChecks {

    private static final String SSL_CIPHERS = "00010002000300040005000600070008000900"
            + "0A000B000C000D000E000F0010001100120013001400150016001700180019001A001B002F0030003100320033003400350036"
            + "0037003800390" + "03A";

    private final ParsePlace place;
    private final List<Step> steps = new ArrayList<>();

    private ProtocolChecks(final ParsePlace place) {
        this.place = place;
    }

    private ProtocolChecks line(final String... words) throws ConfigException {
        steps.add(new StepParser(at(words), 0, false).parse());
        return this;
    }

    private ProtocolChecks custom(final Step.Custom custom, final String... options) throws ConfigException {
        final ParsePlace at = at(options);
        steps.add(new ExpectParser(new WordCursor(at.line(), 0), at, false).parse(custom));
        return this;
    }

    private ParsePlace at(final String... words) {
        final Line line = new Line(place.line().file(), place.line().number(), List.of(words));
        return new ParsePlace(line, place.proxy(), place.context(), place.use());
    }

    private CheckScript script() {
        return new CheckScript(CheckScript.Protocol.OTHER, steps, false, false);
    }

    static CheckScript redis(final ParsePlace place) throws ConfigException {
        return new ProtocolChecks(place).line("send", "*1\r\n$4\r\nPING\r\n").line("expect", "string", "+PONG\r\n",
                "error-status", "L7STS", "on-error", "%[res.payload(0,0),cut_crlf]", "on-success",
                "Redis server is ok").script();
    }

    /** @param command with its argument: {@code HELO localhost} */
    static CheckScript smtp(final ParsePlace place, final String command) throws ConfigException {
        final String reply = "%[res.payload(4,0),ltrim(' '),cut_crlf]";
        return new ProtocolChecks(place)
                .line("expect", "rstring", "^[0-9]{3}[ \r]", "min-recv", "4", "error-status", "L7RSP", "on-error",
                        "%[res.payload(0,0),cut_crlf]")
                .line("expect", "rstring", "^2[0-9]{2}[ \r]", "min-recv", "4", "error-status", "L7STS", "on-error",
                        reply, "status-code", "res.payload(0,3)")
                .line("send", command + "\r\n")
                .line("expect", "rstring", "^2[0-9]{2}[- \r]", "min-recv", "4", "error-status", "L7STS", "on-error",
                        reply, "on-success", reply, "status-code", "res.payload(0,3)")
                .script();
    }

    /** RFC 6101: a hello of SSLv3, which any later version answers, be it with an alert. */
    static CheckScript sslHello(final ParsePlace place) throws ConfigException {
        return new ProtocolChecks(place).line("send-binary-lf",
                "16" + "0300" + "0079" + "01" + "000075" + "0300" + "%[date(),htonl,hex]"
                        + hex("HAPROXYSSLCHK\nHAPROXYSSLCHK\n") + "00" + "004E" + SSL_CIPHERS + "01" + "00")
                .line("expect", "rbinary", "^1[56]", "min-recv", "5", "ok-status", "L6OK", "error-status", "L6RSP",
                        "tout-status", "L6TOUT")
                .script();
    }

    /** The message flow of PostgreSQL's protocol 3.0: a startup packet, then AuthenticationRequest. */
    static CheckScript pgsql(final ParsePlace place, final String user) throws ConfigException {
        final int length = 4 + 4 + "user".length() + 1 + user.length() + 1 + 1;
        return new ProtocolChecks(place)
                .line("send-binary",
                        String.format("%08X", length) + "00030000" + hex("user") + "00" + hex(user) + "0000")
                .line("expect", "!rstring", "^E", "min-recv", "5", "error-status", "L7RSP", "on-error",
                        "%[res.payload(6,0)]")
                .line("expect", "rbinary", "^52000000(08|0A|0C)000000(00|02|03|04|05|06)", "min-recv", "9",
                        "error-status", "L7STS", "on-success", "PostgreSQL server is ok", "on-error",
                        "PostgreSQL unknown error")
                .script();
    }

    /** RFC 4511, 4.2: an anonymous bind, simple, version 3. */
    static CheckScript ldap(final ParsePlace place) throws ConfigException {
        return new ProtocolChecks(place).line("send-binary", "300C020101600702010304008000")
                .line("expect", "rbinary", "^30", "min-recv", "14", "on-error", "Not LDAPv3 protocol")
                .custom(LdapAnswer::read).script();
    }

    /** SPOE.txt, 3.2.4: HAPROXY-HELLO, which asks for a healthcheck, then AGENT-HELLO. */
    static CheckScript spop(final ParsePlace place) throws ConfigException {
        final String frame = "\u0001" + "\0\0\0\u0001" + "\0\0"
                + SpopItems.encode("supported-versions") + "\u0008" + SpopItems.encode("2.0")
                + SpopItems.encode("max-frame-size") + "\u0003" + SpopItems.encode(SpopAnswer.MAX_FRAME_SIZE)
                + SpopItems.encode("capabilities") + "\u0008" + SpopItems.encode("")
                + SpopItems.encode("healthcheck") + "\u0011";
        return new ProtocolChecks(place).line("send-binary", String.format("%08X", frame.length()) + hex(frame))
                .custom(SpopAnswer::read).script();
    }

    /** @param user null: only the greeting is looked at @param old the handshake of before 4.1 */
    static CheckScript mysql(final ParsePlace place, final String user, final boolean old) throws ConfigException {
        final ProtocolChecks checks = new ProtocolChecks(place);
        if (user != null) {
            final int length = user.length() + 7 + (old ? 0 : 27);
            final String header = String.format("%02X%02X%02X01", length & 0xff, length >> 8 & 0xff,
                    length >> 16 & 0xff);
            checks.line("send-binary", header + (old
                    ? "0080" + "000001"
                    : "00820000" + "00800001" + "21" + "00".repeat(23)) + hex(user) + "0000" + "010000" + "00" + "01");
        }
        checks.custom((data, last) -> MysqlAnswer.greeting(data, last, user == null));
        if (user != null) {
            checks.custom(MysqlAnswer::ok);
        }
        return checks.script();
    }

    static CheckScript agent(final ParsePlace place, final boolean sends, final Step.Custom reply)
            throws ConfigException {
        final ProtocolChecks checks = new ProtocolChecks(place);
        if (sends) {
            checks.line("send-lf", "%[var(check.agent_string)]");
        }
        checks.custom(reply);
        return new CheckScript(CheckScript.Protocol.AGENT, checks.steps, false, false);
    }

    private static String hex(final String text) {
        return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
