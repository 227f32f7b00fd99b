package io.netchannel.samples.haproxy.expression.format;

import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.LogFacts;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.tls.CipherNames;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A variable of a log-format string.
 *
 * @param httpOnly refused in a proxy of mode tcp
 */
public record Variable(String name, boolean httpOnly, Writer writer) {

    /** Writes of a stream what the variable stands for. */
    @FunctionalInterface
    public interface Writer {

        /** @return false if it wrote nothing, and spaces before and after it are to be merged */
        boolean write(StringBuilder out, SampleContext context, int options);
    }

    private static final Map<String, Variable> ALL = new HashMap<>();

    static {
        addresses();
        names();
        dates();
        numbers();
        request();
        captures();
    }

    /** @return null if there is none of that name */
    public static Variable named(final String name) {
        return ALL.get(name);
    }

    private static void put(final String name, final boolean httpOnly, final Writer writer) {
        ALL.put(name, new Variable(name, httpOnly, writer));
    }

    private static void text(final String name, final boolean httpOnly, final Function<SampleContext, String> text) {
        put(name, httpOnly, (out, context, options) -> {
            Escaping.text(out, text.apply(context), options);
            return true;
        });
    }

    private static void addresses() {
        address("ci", "cp", true, SampleContext::source);
        address("fi", "fp", true, SampleContext::destination);
        address("bi", "bp", false, context -> context.log() == null ? null : context.log().backendSource());
        address("si", "sp", false, context -> context.log() == null ? null : context.log().serverAddress());
    }

    /** @param ofClient who came over a UNIX socket has no address, and is told by its listener's number */
    private static void address(final String ip, final String port, final boolean ofClient,
            final Function<SampleContext, InetSocketAddress> of) {
        put(ip, false, (out, context, options) -> {
            final InetSocketAddress address = of.apply(context);
            if (address == null || address.getAddress() == null) {
                Escaping.text(out, ofClient && context.facts().listenerId() > 0 ? "unix" : null, options);
            } else if ((options & FormatOptions.HEX) != 0) {
                for (final byte part : address.getAddress().getAddress()) {
                    Escaping.hex(out, part);
                }
            } else {
                Escaping.text(out, Addresses.text(address.getAddress()), options);
            }
            return true;
        });
        put(port, false, (out, context, options) -> {
            final InetSocketAddress address = of.apply(context);
            if (address == null) {
                final int listener = ofClient ? context.facts().listenerId() : 0;
                Escaping.text(out, listener > 0 ? Integer.toString(listener) : null, options);
            } else if ((options & FormatOptions.HEX) != 0) {
                Escaping.hex(out, address.getPort() >> 8);
                Escaping.hex(out, address.getPort());
            } else {
                out.append(address.getPort());
            }
            return true;
        });
    }

    private static void names() {
        text("f", false, context -> context.facts().frontendName());
        text("b", false, context -> context.facts().backendName() == null
                ? context.facts().frontendName()
                : context.facts().backendName());
        text("s", false, context -> context.facts().serverName() == null ? "<NOSRV>" : context.facts().serverName());
        text("H", false, context -> Machine.hostName());
        text("ID", false, context -> context.log() == null ? null : context.log().uniqueId());
        text("CC", true, context -> cookie(context, SampleContext.Direction.REQUEST));
        text("CS", true, context -> cookie(context, SampleContext.Direction.RESPONSE));
        text("sslc", false, context -> context.frontTls() == null
                ? null
                : CipherNames.openSsl(context.frontTls().getCipherSuite()));
        text("sslv", false, context -> context.frontTls() == null ? null : context.frontTls().getProtocol());
        put("ft", false, (out, context, options) -> {
            final String mark = context.frontTls() == null ? "" : "~";
            final String quote = (options & FormatOptions.QUOTE) != 0 ? "\"" : "";
            out.append(quote).append(context.facts().frontendName()).append(mark).append(quote);
            return true;
        });
        put("ts", false, (out, context, options) -> state(out, context, false));
        put("tsc", false, (out, context, options) -> state(out, context, true));
    }

    private static boolean state(final StringBuilder out, final SampleContext context, final boolean http) {
        // A session that never became a stream: an error of the proxy, while it awaited a request.
        final LogFacts log = context.log();
        out.append(log != null ? log.terminationState(http) : http ? "PR--" : "PR");
        return true;
    }

    private static String cookie(final SampleContext context, final SampleContext.Direction direction) {
        return context.log() == null ? null : context.log().capturedCookie(direction);
    }

    private static long acceptMs(final SampleContext context) {
        return context.log() == null ? context.nowMs() : context.log().acceptMs();
    }

    private static long requestMs(final SampleContext context) {
        return context.log() == null ? context.nowMs() : context.log().requestMs();
    }

    private static void dates() {
        date("t", false, Variable::acceptMs, Dates::withMillis);
        date("tr", true, Variable::requestMs, Dates::withMillis);
        date("T", false, Variable::acceptMs, Dates::utc);
        date("trg", true, Variable::requestMs, Dates::utc);
        date("Tl", false, Variable::acceptMs, Dates::localWithOffset);
        date("trl", true, Variable::requestMs, Dates::localWithOffset);
        put("Ts", false, (out, context, options) -> number(out, acceptMs(context) / 1000, options, 4));
        put("ms", false, (out, context, options) -> {
            final int ms = (int) Math.floorMod(acceptMs(context), 1000L);
            if ((options & FormatOptions.HEX) != 0) {
                return number(out, ms, options, 2);
            }
            Dates.padded(out, ms, 3);
            return true;
        });
    }

    /** Writes a time, milliseconds since 1970. */
    @FunctionalInterface
    private interface DateWriter {
        void write(StringBuilder out, long ms);
    }

    private static void date(final String name, final boolean httpOnly, final ToLongFunction<SampleContext> ms,
            final DateWriter writer) {
        put(name, httpOnly, (out, context, options) -> {
            writer.write(out, ms.applyAsLong(context));
            return true;
        });
    }

    /** In hexadecimal with at least {@code digits} if the options say so. */
    private static boolean number(final StringBuilder out, final long value, final int options, final int digits) {
        if ((options & FormatOptions.HEX) == 0) {
            out.append(value);
            return true;
        }
        final String text = Integer.toHexString((int) value).toUpperCase(java.util.Locale.ROOT);
        for (int i = text.length(); i < digits; i++) {
            out.append('0');
        }
        out.append(text);
        return true;
    }

    private static void numbers() {
        for (final String name : new String[]{"Th", "Tw", "Tc", "Td"}) {
            put(name, false, (out, context, options) -> timer(out, context, name));
        }
        for (final String name : new String[]{"Ti", "TR", "Tq", "Tr"}) {
            put(name, true, (out, context, options) -> timer(out, context, name));
        }
        put("Ta", true, (out, context, options) -> timer(plus(out, context), context, "Ta"));
        put("Tt", false, (out, context, options) -> timer(plus(out, context), context, "Tt"));
        put("Tu", false, (out, context, options) -> timer(plus(out, context), context, "Tu"));
        put("ST", false, (out, context, options) -> plain(out, context.log() == null ? 0 : context.log().status()));
        put("B", false, (out, context, options) -> plain(plus(out, context),
                context.log() == null ? 0 : context.log().bytesToClient()));
        put("U", false,
                (out, context, options) -> plain(out, context.log() == null ? 0 : context.log().bytesFromClient()));
        for (final String name : new String[]{"ac", "fc", "bc", "sc", "sq", "bq"}) {
            put(name, false, (out, context, options) -> plain(out, count(context, name)));
        }
        put("rc", false, (out, context, options) -> {
            if (context.log() != null && context.log().redispatched()) {
                out.append('+');
            }
            return plain(out, count(context, "rc"));
        });
        put("rt", false, (out, context, options) -> number(out,
                context.log() == null ? 0 : context.log().requestCounter(), options, 4));
        put("lc", false,
                (out, context, options) -> number(out, context.log() == null ? 0 : context.log().logCounter(), options,
                        4));
        put("pid", false, (out, context, options) -> number(out, ProcessHandle.current().pid(), options, 4));
    }

    private static long count(final SampleContext context, final String name) {
        return context.log() == null ? 0 : context.log().count(name);
    }

    private static boolean plain(final StringBuilder out, final long value) {
        out.append(value);
        return true;
    }

    private static boolean timer(final StringBuilder out, final SampleContext context, final String name) {
        return plain(out, context.log() == null ? -1 : context.log().timer(name));
    }

    /** {@code option logasap}: totals that still grow are marked. */
    private static StringBuilder plus(final StringBuilder out, final SampleContext context) {
        return context.log() != null && context.log().beforeEnd() ? out.append('+') : out;
    }

    private static void request() {
        part("r", line -> line == null ? RequestLine.BAD : line);
        part("HM", line -> new RequestLine(line).method());
        part("HP", line -> new RequestLine(line).path());
        part("HPO", line -> new RequestLine(line).pathOnly());
        part("HQ", line -> new RequestLine(line).query());
        part("HU", line -> new RequestLine(line).uri());
        part("HV", line -> new RequestLine(line).version());
    }

    private static void part(final String name, final Function<String, String> of) {
        put(name, true, (out, context, options) -> {
            final String quote = (options & FormatOptions.QUOTE) != 0 ? "\"" : "";
            out.append(quote);
            Escaping.hash(out, of.apply(context.log() == null ? null : context.log().requestLine()), Escaping.URL,
                    options);
            out.append(quote);
            return true;
        });
    }

    private static void captures() {
        put("hr", false,
                (out, context, options) -> braced(out, captured(context, SampleContext.Direction.REQUEST), options));
        put("hs", false,
                (out, context, options) -> braced(out, captured(context, SampleContext.Direction.RESPONSE), options));
        put("hrl", false,
                (out, context, options) -> list(out, captured(context, SampleContext.Direction.REQUEST), options));
        put("hsl", false,
                (out, context, options) -> list(out, captured(context, SampleContext.Direction.RESPONSE), options));
    }

    private static String[] captured(final SampleContext context, final SampleContext.Direction direction) {
        return context.log() == null ? null : context.log().captured(direction);
    }

    private static boolean braced(final StringBuilder out, final String[] values, final int options) {
        if (values == null || values.length == 0) {
            return false;
        }
        final String quote = (options & FormatOptions.QUOTE) != 0 ? "\"" : "";
        out.append(quote).append('{');
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append('|');
            }
            if (values[i] != null) {
                Escaping.hash(out, values[i], Escaping.HEADER, options);
            }
        }
        out.append('}').append(quote);
        return true;
    }

    private static boolean list(final StringBuilder out, final String[] values, final int options) {
        if (values == null || values.length == 0) {
            return false;
        }
        final String quote = (options & FormatOptions.QUOTE) != 0 ? "\"" : "";
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append(' ');
            }
            out.append(quote);
            if (values[i] != null) {
                Escaping.hash(out, values[i], Escaping.HEADER, options);
            } else if (quote.isEmpty()) {
                out.append('-');
            }
            out.append(quote);
        }
        return true;
    }
}
