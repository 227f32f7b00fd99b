package io.netchannel.samples.memcached.options;

import io.netchannel.samples.memcached.options.Settings.BindingProtocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads memcached's command line as getopt does: {@code -vv}, {@code -m64}, {@code -m 64}, {@code --memory-limit=64}.
 * What begins
 * with two dashes and isn't memcached's is left to the caller.
 */
public final class ArgumentParser {

    private static final int USAGE = 64;
    private static final int FAILURE = 1;
    private static final String WITH_VALUE = "apsUmclRuPefntDbBIYoN";
    private static final String WITHOUT_VALUE = "AMhiVkvdrLCSFXWZ";
    private static final int MIN_ITEM_BYTES = 1024;
    private static final long MAX_ITEM_BYTES = 1L << 30;
    private static final int MEGABYTE_SHIFT = 20;
    private static final Map<String, Character> LONG_NAMES = Map.ofEntries(Map.entry("unix-mask", 'a'),
            Map.entry("enable-shutdown", 'A'), Map.entry("port", 'p'), Map.entry("unix-socket", 's'),
            Map.entry("udp-port", 'U'), Map.entry("memory-limit", 'm'), Map.entry("disable-evictions", 'M'),
            Map.entry("conn-limit", 'c'), Map.entry("lock-memory", 'k'), Map.entry("help", 'h'),
            Map.entry("license", 'i'), Map.entry("version", 'V'), Map.entry("enable-coredumps", 'r'),
            Map.entry("verbose", 'v'), Map.entry("daemon", 'd'), Map.entry("listen", 'l'),
            Map.entry("user", 'u'), Map.entry("pidfile", 'P'), Map.entry("slab-growth-factor", 'f'),
            Map.entry("slab-min-size", 'n'), Map.entry("threads", 't'), Map.entry("enable-largepages", 'L'),
            Map.entry("max-reqs-per-event", 'R'), Map.entry("disable-cas", 'C'), Map.entry("listen-backlog", 'b'),
            Map.entry("protocol", 'B'), Map.entry("max-item-size", 'I'), Map.entry("disable-flush-all", 'F'),
            Map.entry("disable-dumping", 'X'), Map.entry("disable-watch", 'W'), Map.entry("auth-file", 'Y'),
            Map.entry("memory-file", 'e'), Map.entry("extended", 'o'), Map.entry("napi-ids", 'N'));

    private final Settings settings = new Settings();
    private final ExtendedOptions extended = new ExtendedOptions(settings);
    private final List<String> others = new ArrayList<>();
    private boolean tcpGiven;
    private boolean udpGiven;
    private boolean protocolGiven;
    private char information;

    /** @throws UsageException for a value that makes no sense, in the original's words */
    public ArgumentParser(final List<String> arguments) throws UsageException {
        int i = 0;
        while (i < arguments.size()) {
            final String argument = arguments.get(i);
            if (argument.startsWith("--")) {
                i += parseLong(arguments, i);
            } else if (argument.length() > 1 && argument.charAt(0) == '-') {
                i += parseShort(arguments, i);
            } else {
                others.add(argument);
                i++;
            }
        }
        if (information == 0) {
            check();
        }
    }

    public Settings settings() {
        return settings;
    }

    /** What isn't memcached's. */
    public List<String> others() {
        return others;
    }

    /** h, i or V, if that is all that was asked for; else 0. */
    public char information() {
        return information;
    }

    private int parseLong(final List<String> arguments, final int at) throws UsageException {
        final String text = arguments.get(at).substring(2);
        final int equals = text.indexOf('=');
        final Character option = LONG_NAMES.get(equals < 0 ? text : text.substring(0, equals));
        if (option == null) {
            others.add(arguments.get(at));
            return 1;
        }
        if (WITH_VALUE.indexOf(option) < 0) {
            apply(option, null);
            return 1;
        }
        if (equals >= 0) {
            apply(option, text.substring(equals + 1));
            return 1;
        }
        apply(option, value(arguments, at + 1, option));
        return 2;
    }

    private int parseShort(final List<String> arguments, final int at) throws UsageException {
        final String text = arguments.get(at);
        for (int i = 1; i < text.length(); i++) {
            final char option = text.charAt(i);
            if (WITH_VALUE.indexOf(option) >= 0) {
                if (i + 1 < text.length()) {
                    apply(option, text.substring(i + 1));
                    return 1;
                }
                apply(option, value(arguments, at + 1, option));
                return 2;
            }
            if (WITHOUT_VALUE.indexOf(option) < 0) {
                throw new UsageException(FAILURE, "Illegal argument \"" + option + "\"");
            }
            apply(option, null);
        }
        return 1;
    }

    private static String value(final List<String> arguments, final int at, final char option) throws UsageException {
        if (at >= arguments.size()) {
            throw new UsageException(FAILURE, "option requires an argument -- '" + option + "'");
        }
        return arguments.get(at);
    }

    private void apply(final char option, final String value) throws UsageException {
        switch (option) {
            case 'h', 'i', 'V' -> information = information == 0 ? option : information;
            case 'v' -> settings.verbosity++;
            case 'o' -> extended.parse(value);
            case 'A' -> settings.shutdownCommand = true;
            case 'M' -> settings.evict = false;
            case 'C' -> settings.cas = false;
            case 'F' -> settings.flushEnabled = false;
            case 'X' -> settings.dumpEnabled = false;
            case 'W' -> settings.watchEnabled = false;
            case 'd' -> settings.daemon = true;
            case 'k', 'r', 'L', 'N' -> {
                // About the original's own memory, core files and network card: nothing here answers to them.
            }
            case 'S', 'Z', 'e' -> throw new UsageException(USAGE, "-" + option
                    + " (SASL, TLS or a restartable cache) is not supported by this server");
            case 'p', 'U', 's', 'a', 'l', 'b', 'c', 't', 'R', 'B', 'Y' -> applyServer(option, value);
            default -> applyMemory(option, value);
        }
    }

    private void applyServer(final char option, final String value) throws UsageException {
        switch (option) {
            case 'p' -> {
                settings.tcpPort = integer(value);
                tcpGiven = true;
            }
            case 'U' -> {
                settings.udpPort = integer(value);
                udpGiven = true;
            }
            case 's' -> settings.unixSocket = Path.of(value);
            case 'a' -> settings.unixMask = Integer.parseInt(value, 8);
            case 'l' -> settings.listenAddresses = settings.listenAddresses == null
                    ? value
                    : settings.listenAddresses + "," + value;
            case 'b' -> settings.backlog = integer(value);
            case 'c' -> settings.maxConnections = positive(value,
                    "Maximum connections must be greater than 0");
            case 't' -> {
                settings.threads = positive(value, "Number of threads must be greater than 0");
                settings.threadsGiven = true;
            }
            case 'R' -> settings.requestsPerEvent = positive(value,
                    "Number of requests per event must be greater than 0");
            case 'Y' -> settings.authFile = Path.of(value);
            default -> {
                protocolGiven = true;
                settings.protocol = switch (value) {
                    case "auto" -> BindingProtocol.AUTO;
                    case "binary" -> BindingProtocol.BINARY;
                    case "ascii" -> BindingProtocol.ASCII;
                    default -> throw new UsageException(USAGE, "Invalid value for binding protocol: " + value
                            + "\n -- should be one of auto, binary, or ascii");
                };
            }
        }
    }

    private void applyMemory(final char option, final String value) throws UsageException {
        switch (option) {
            case 'm' -> settings.maxBytes = (long) integer(value) << MEGABYTE_SHIFT;
            case 'I' -> settings.itemMaxBytes = itemBytes(value);
            case 'f' -> {
                settings.growthFactor = ExtendedOptions.real(value);
                if (!(settings.growthFactor > 1)) {
                    throw new UsageException(FAILURE, "Factor must be greater than 1");
                }
            }
            case 'n' -> settings.chunkBytes = positive(value, "Chunk size must be greater than 0");
            case 'D' -> {
                if (value.isEmpty()) {
                    throw new UsageException(FAILURE, "No delimiter specified");
                }
                settings.prefixDelimiter = value.charAt(0);
                settings.detailEnabled = true;
            }
            case 'u' -> settings.user = value;
            case 'P' -> settings.pidFile = Path.of(value);
            default -> throw new UsageException(FAILURE, "Illegal argument \"" + option + "\"");
        }
    }

    /** As C's atoi: digits, and what follows doesn't matter. */
    static int integer(final String text) {
        int end = text.startsWith("-") ? 1 : 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        try {
            return Integer.parseInt(text.substring(0, end));
        } catch (final NumberFormatException e) {
            return 0;
        }
    }

    private static int positive(final String text, final String message) throws UsageException {
        final int number = integer(text);
        if (number <= 0) {
            throw new UsageException(FAILURE, message);
        }
        return number;
    }

    private static int itemBytes(final String text) throws UsageException {
        final int shift = switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> MEGABYTE_SHIFT;
            default -> 0;
        };
        final long bytes = (long) integer(text) << shift;
        if (bytes > MAX_ITEM_BYTES) {
            throw new UsageException(USAGE, "Cannot set item size limit higher than a gigabyte.");
        }
        return (int) bytes;
    }

    // -- what must fit together

    private void check() throws UsageException {
        require(settings.itemMaxBytes >= MIN_ITEM_BYTES, "Item max size cannot be less than 1024 bytes.");
        require(settings.itemMaxBytes <= settings.maxBytes / 2,
                "Cannot set item size limit higher than 1/2 of memory max.");
        if (settings.itemMaxBytes > Settings.PAGE_BYTES && !extended.isChunkMaxGiven()) {
            settings.chunkMaxBytes = Settings.PAGE_BYTES / 2;
        }
        require(settings.chunkMaxBytes > 0, "slab_chunk_max must be greater than 0");
        require(settings.chunkMaxBytes <= settings.itemMaxBytes, "slab_chunk_max (bytes: " + settings.chunkMaxBytes
                + ") cannot be larger than -I (item_size_max " + settings.itemMaxBytes + ")");
        require(settings.itemMaxBytes % settings.chunkMaxBytes == 0, "-I (item_size_max: " + settings.itemMaxBytes
                + ") must be evenly divisible by slab_chunk_max (bytes: " + settings.chunkMaxBytes + ")");
        require(Settings.PAGE_BYTES % settings.chunkMaxBytes == 0, "slab_chunk_max (bytes: " + settings.chunkMaxBytes
                + ") must divide evenly into " + Settings.PAGE_BYTES + " (slab_page_size)");
        require(settings.hotPercent + settings.warmPercent <= 80,
                "hot_lru_pct + warm_lru_pct cannot be more than 80% combined");
        require(!settings.tempLru || settings.lruMaintainer, "temporary_ttl requires lru_maintainer to be enabled");
        if (settings.authFile != null) {
            require(!protocolGiven || settings.protocol == BindingProtocol.ASCII, "ERROR: You cannot allow the BINARY "
                    + "protocol while using ascii authentication tokens.");
            require(settings.udpPort == 0, "ERROR: Cannot enable UDP while using ascii authentication tokens.");
            settings.protocol = BindingProtocol.ASCII;
        }
        if (udpGiven && settings.udpPort != 0 && !tcpGiven) {
            settings.tcpPort = settings.udpPort;
        }
    }

    private static void require(final boolean holds, final String message) throws UsageException {
        if (!holds) {
            throw new UsageException(USAGE, message);
        }
    }
}
