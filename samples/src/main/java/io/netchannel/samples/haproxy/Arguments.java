package io.netchannel.samples.haproxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * haproxy's command line, read as haproxy reads it: by the first letters of each word. What begins with two dashes and
 * more is left to the caller.
 */
final class Arguments {

    /** What the command line asks for that isn't to serve. */
    enum Task {
        SERVE, CHECK, EVALUATE_CONDITION, VERSION, BUILD_OPTIONS
    }

    /** Thrown for what makes no sense; the usage is shown then. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        /** @param message an alert to be shown before, or null */
        UsageException(final String message) {
            super(message);
        }
    }

    private static final Set<String> OURS_WITHOUT_VALUE = Set.of("--kernel");

    Task task = Task.SERVE;
    final List<Path> files = new ArrayList<>();
    final List<Integer> oldPids = new ArrayList<>();
    final List<String> masterSockets = new ArrayList<>();
    /** Those with two dashes, with their values. */
    final List<String> others = new ArrayList<>();
    boolean daemon;
    boolean foreground;
    boolean masterWorker;
    boolean quiet;
    boolean verbose;
    boolean debug;
    boolean diagnose;
    boolean zeroWarning;
    boolean ignoreUnresolved;
    boolean noServerVerify;
    boolean noReusePort;
    /** Whether the old processes shall finish what they do, or just end. */
    boolean finishOld;
    String condition;
    String keywordDump;
    String directory;
    String pidFile;
    String localPeer;
    String oldSocket;
    int maxConnections;
    int maxProxyConnections;

    private final List<String> words;
    private int at;

    Arguments(final List<String> words) throws UsageException {
        this.words = words;
        while (at < words.size() && task != Task.VERSION && task != Task.BUILD_OPTIONS) {
            final String word = words.get(at);
            at++;
            if ("--".equals(word)) {
                words.subList(at, words.size()).forEach(file -> files.add(Path.of(file)));
                return;
            }
            if (word.startsWith("--")) {
                ours(word);
            } else if (word.startsWith("-")) {
                option(word.substring(1));
            } else {
                throw new UsageException(null);
            }
        }
    }

    /** About a node: {@code --name=value}, or {@code --name value…}. */
    private void ours(final String word) {
        others.add(word);
        if (!OURS_WITHOUT_VALUE.contains(word) && word.indexOf('=') < 0) {
            while (at < words.size() && !words.get(at).startsWith("-")) {
                others.add(words.get(at));
                at++;
            }
        }
    }

    private void option(final String flag) throws UsageException {
        switch (flag.isEmpty() ? ' ' : flag.charAt(0)) {
            case 'v' -> task = flag.startsWith("vv") ? Task.BUILD_OPTIONS : Task.VERSION;
            case 'V' -> verbose = true;
            case 'd' -> debugOption(flag);
            case 'c' -> {
                if (flag.startsWith("cc")) {
                    task = Task.EVALUATE_CONDITION;
                    condition = value();
                } else {
                    task = Task.CHECK;
                }
            }
            case 'D' -> daemon = true;
            case 'W' -> {
                masterWorker = true;
                if (flag.startsWith("Ws")) {
                    throw new UsageException(
                            "master-worker mode with systemd support (-Ws) requested, but not compiled. "
                                    + "Use master-worker mode (-W) if you are not using Type=notify in your unit file or "
                                    + "recompile with USE_SYSTEMD=1.");
                }
            }
            case 'q' -> quiet = true;
            case 'x' -> oldSocket = value("Unix socket path expected with the -x flag");
            case 'S' -> masterSockets.add(value("Socket and optional bind parameters expected with the -S flag"));
            case 's' -> oldProcesses(flag);
            default -> valued(flag);
        }
    }

    private void debugOption(final String flag) {
        switch (flag.length() > 1 ? flag.charAt(1) : ' ') {
            case 'e', 'p', 'k', 'v', 'S', 'G', 'M', 'L' -> {
                // About haproxy's pollers, sockets and memory: nothing here answers to them.
            }
            case 'R' -> noReusePort = true;
            case 'V' -> noServerVerify = true;
            case 'b' -> foreground = true;
            case 'D' -> diagnose = true;
            case 'W' -> zeroWarning = true;
            case 'r' -> ignoreUnresolved = true;
            case 'K' -> keywordDump = flag.substring(2);
            default -> debug = true;
        }
    }

    private void oldProcesses(final String flag) throws UsageException {
        if (!flag.startsWith("sf") && !flag.startsWith("st")) {
            throw new UsageException(null);
        }
        finishOld = flag.startsWith("sf");
        while (at < words.size() && !words.get(at).startsWith("-")) {
            final String word = words.get(at);
            at++;
            try {
                for (final String pid : word.trim().split("\\s+")) {
                    oldPids.add(Integer.parseUnsignedInt(pid));
                }
            } catch (final NumberFormatException e) {
                throw new UsageException("-" + flag + " option: some bytes unconsumed in PID list {" + word + "}");
            }
        }
    }

    private void valued(final String flag) throws UsageException {
        final String value = value();
        switch (flag.isEmpty() ? ' ' : flag.charAt(0)) {
            case 'C' -> directory = value;
            case 'n' -> maxConnections = integer(value);
            case 'N' -> maxProxyConnections = integer(value);
            case 'L' -> localPeer = value;
            case 'f' -> files.add(Path.of(value));
            case 'p' -> pidFile = value;
            case 'm' -> {
                // A JVM's memory is limited by its own options.
            }
            default -> throw new UsageException(null);
        }
    }

    private static int integer(final String text) throws UsageException {
        try {
            return Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            throw new UsageException("'" + text + "' is not a number");
        }
    }

    private String value() throws UsageException {
        return value(null);
    }

    private String value(final String message) throws UsageException {
        if (at >= words.size()) {
            throw new UsageException(message);
        }
        at++;
        return words.get(at - 1);
    }
}
