package io.netchannel.samples.haproxy.log;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.Units;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads {@code log ADDRESS [len N] [format F] [sample R:N] FACILITY [LEVEL [MINLEVEL]]}. */
final class LogServerParser {

    private static final int MIN_LENGTH = 80;
    private static final int MAX_LENGTH = 65_535;

    private final Line line;
    private int at = 2;

    private LogServerParser(final Line line) {
        this.line = line;
    }

    /** @param orGlobal as the message has it: whether {@code log global} would do here */
    static LogServer parse(final Line line, final boolean orGlobal) throws ConfigException {
        if (line.word(1).isEmpty() || line.word(2).isEmpty()) {
            throw new ConfigException("expects <address> and <facility> " + (orGlobal ? "or global" : "")
                    + " as arguments");
        }
        return new LogServerParser(line).parse();
    }

    private LogServer parse() throws ConfigException {
        final int length = length();
        final LineFormat format = format();
        final LogServer.Sampling sampling = sampling();
        final int facility = Syslog.facility(line.word(at));
        if (facility < 0) {
            throw new ConfigException("unknown log facility '" + line.word(at) + "'");
        }
        at++;
        final int level = level("unknown optional log level '", Syslog.DEBUG);
        final int minLevel = level("unknown optional minimum log level '", Syslog.EMERG);
        if (at < line.size()) {
            throw new ConfigException("cannot handle unexpected argument '" + line.word(at) + "'");
        }
        return new LogServer(destination(line.word(1)), length, format, sampling, facility, level, minLevel);
    }

    private int length() throws ConfigException {
        if (!"len".equals(line.word(at))) {
            return LogServer.DEFAULT_LENGTH_BYTES;
        }
        final String text = line.word(at + 1);
        final long length = Units.leadingInteger(text);
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw new ConfigException("invalid log length '" + text + "', must be between 80 and 65535");
        }
        at += 2;
        return (int) length;
    }

    private LineFormat format() throws ConfigException {
        if (!"format".equals(line.word(at))) {
            return null;
        }
        final LineFormat format = LineFormat.of(line.word(at + 1));
        if (format == null) {
            throw new ConfigException("unknown log format '" + line.word(at + 1) + "'");
        }
        at += 2;
        return format;
    }

    private LogServer.Sampling sampling() throws ConfigException {
        if (!"sample".equals(line.word(at))) {
            return null;
        }
        final String text = line.word(at + 1);
        final int colon = text.indexOf(':');
        if (colon < 0) {
            throw new ConfigException("Missing sample size");
        }
        final List<LogServer.Range> ranges = new ArrayList<>();
        int highest = 0;
        for (String rest = text.substring(0, colon); !rest.isEmpty();) {
            final int comma = rest.indexOf(',');
            final LogServer.Range range = range(comma < 0 ? rest : rest.substring(0, comma), rest);
            for (final LogServer.Range other : ranges) {
                if (range.low() >= other.low() && range.low() <= other.high()
                        || range.high() >= other.low() && range.high() <= other.high()) {
                    throw new ConfigException("ranges are overlapping");
                }
            }
            ranges.add(range);
            highest = Math.max(highest, range.high());
            rest = comma < 0 ? "" : rest.substring(comma + 1);
        }
        if (ranges.isEmpty()) {
            throw new ConfigException("no sampling ranges given");
        }
        final String sizeText = text.substring(colon + 1);
        final int size = number(sizeText);
        if (size <= 0) {
            throw new ConfigException("wrong sample size '" + sizeText + "' for sample range '"
                    + text.substring(0, colon) + "'");
        }
        if (size < highest) {
            throw new ConfigException("sample size " + size + " should be greater or equal to " + highest
                    + " the maximum of the high ranges limits");
        }
        ranges.sort(Comparator.comparingInt(LogServer.Range::low));
        at += 2;
        return new LogServer.Sampling(List.copyOf(ranges), size);
    }

    private static LogServer.Range range(final String text, final String rest) throws ConfigException {
        final int dash = text.indexOf('-');
        final int low = number(dash < 0 ? text : text.substring(0, dash));
        final int high = dash < 0 ? low : number(text.substring(dash + 1));
        if (low <= 0 || dash >= 0 && high <= low) {
            throw new ConfigException("wrong sample range '" + rest + "'");
        }
        return new LogServer.Range(low, high);
    }

    /** @return -1 if it is none */
    private static int number(final String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }

    private int level(final String message, final int absent) throws ConfigException {
        if (at >= line.size()) {
            return absent;
        }
        final int level = Syslog.level(line.word(at));
        if (level < 0) {
            throw new ConfigException(message + line.word(at) + "'");
        }
        at++;
        return level;
    }

    private static LogServer.Destination destination(final String text) throws ConfigException {
        switch (text) {
            case "stdout", "fd@1" -> {
                return new LogServer.Descriptor(1);
            }
            case "stderr", "fd@2" -> {
                return new LogServer.Descriptor(2);
            }
            default -> {
            }
        }
        if (text.startsWith("ring@") || text.startsWith("tcp@") || text.startsWith("tcp4@")
                || text.startsWith("tcp6@")) {
            throw new ConfigException("'" + text + "' : rings and syslog over TCP are not supported");
        }
        if (text.startsWith("fd@")) {
            throw new ConfigException("'" + text + "' : only fd@1 and fd@2 are supported");
        }
        String rest = text;
        for (final String prefix : List.of("udp@", "udp4@", "udp6@", "ipv4@", "ipv6@", "unix@")) {
            if (rest.startsWith(prefix)) {
                rest = rest.substring(prefix.length());
                if ("unix@".equals(prefix)) {
                    return new LogServer.UnixDatagram(rest);
                }
            }
        }
        return rest.startsWith("/") ? new LogServer.UnixDatagram(rest) : new LogServer.Udp(address(rest, text));
    }

    private static InetSocketAddress address(final String text, final String whole) throws ConfigException {
        // An IPv6 address without a port is one colon too many for a port.
        final int colon = text.lastIndexOf(':');
        final boolean hasPort = colon >= 0
                && (text.indexOf(':') == colon || text.charAt(Math.max(0, colon - 1)) == ']');
        final int port = hasPort && colon + 1 < text.length() ? number(text.substring(colon + 1)) : Syslog.PORT;
        if (port < 0 || port > MAX_LENGTH) {
            throw new ConfigException("invalid port '" + text.substring(colon + 1) + "' in address '" + whole + "'");
        }
        final String host = (hasPort ? text.substring(0, colon) : text).replace("[", "").replace("]", "");
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(host), port);
        } catch (final IllegalArgumentException e) {
            final InetSocketAddress resolved = new InetSocketAddress(host, port);
            if (resolved.isUnresolved()) {
                throw new ConfigException("could not resolve address '" + host + "'", e);
            }
            return resolved;
        }
    }
}
