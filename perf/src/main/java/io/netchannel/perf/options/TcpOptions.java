package io.netchannel.perf.options;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code --tcp SETTING=VALUE}: settings of TCP by the names of {@link TcpSetting}. */
public final class TcpOptions {

    private static final String CONGESTION_CONTROL = "congestionControl";
    private static final String NANOSECONDS = "Ns";
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,18})(ns|us|ms|s|)");

    @Option(names = "--tcp", paramLabel = "SETTING=VALUE", completionCandidates = Settings.class, description = "Set TCP, as often as needed: a switch is 0 or 1, a time may be written like 200ms. Settings: ${COMPLETION-CANDIDATES}.")
    private List<String> settings = new ArrayList<>();

    /**
     * The defaults with what was given.
     *
     * @throws CommandLine.ParameterException naming the setting that is wrong
     */
    public TcpConfig config(final CommandLine commandLine) {
        TcpConfig config = TcpConfig.defaults();
        for (final String text : settings) {
            try {
                config = apply(config, text);
            } catch (final IllegalArgumentException e) {
                throw new CommandLine.ParameterException(commandLine, "--tcp " + text + ": " + e.getMessage(), e);
            }
        }
        try {
            return config.checked();
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine, "--tcp: " + e.getMessage(), e);
        }
    }

    private static TcpConfig apply(final TcpConfig config, final String text) {
        final int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("a value is missing; write it like nagle=0");
        }
        final String name = text.substring(0, equals);
        final String value = text.substring(equals + 1);
        if (name.equals(CONGESTION_CONTROL)) {
            return config.withCongestionControl(CongestionAlgorithm.named(value));
        }
        final TcpSetting setting = Arrays.stream(TcpSetting.values()).filter(s -> s.camelCase().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no setting \"" + name + "\"" + similar(name)));
        return config.with(setting, number(name, value));
    }

    private static long number(final String name, final String text) {
        final Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number");
        }
        final String unit = number.group(2);
        if (!unit.isEmpty() && !name.endsWith(NANOSECONDS)) {
            throw new IllegalArgumentException(name + " is not a time, but \"" + text + "\" is");
        }
        final long unitNs = switch (unit) {
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            default -> 1L;
        };
        final long value = Long.parseLong(number.group(1));
        // What is beyond a long is beyond every setting's limit too.
        return value > Long.MAX_VALUE / unitNs ? Long.MAX_VALUE : value * unitNs;
    }

    /** Settings that have a word of the name, or that it is the beginning of. */
    private static String similar(final String name) {
        final List<String> words = Stream.of(name.split("(?=[A-Z])|[_.-]")).map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> word.length() > 2).toList();
        final List<String> similar = names().filter(known -> words.stream()
                .anyMatch(word -> known.toLowerCase(Locale.ROOT).contains(word))).limit(6).toList();
        return similar.isEmpty() ? "; the help lists them" : "; did you mean one of " + similar;
    }

    private static Stream<String> names() {
        return Stream.concat(Stream.of(CONGESTION_CONTROL),
                Arrays.stream(TcpSetting.values()).map(TcpSetting::camelCase));
    }

    /** For the help. */
    private static final class Settings implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }
}
