package io.netchannel.tcpip.script.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Understands the shell lines of scripts as far as they set what we have; no shell is run. What a line would do to the
 * machine that packetdrill runs on, and we start every script without, is passed over; anything else is refused by name.
 */
final class Shell {

    private static final int MAX_DEPTH = 4;
    private static final long MAX_FILE_BYTES = 1 << 16;
    private static final Pattern PRODUCT = Pattern.compile("\\$\\(\\(([0-9*() ]+)\\)\\)");
    private static final Pattern ASSIGNMENT = Pattern.compile("[/A-Za-z][A-Za-z0-9_./-]*=.*");

    /** What lines act on. */
    interface Target {

        /** @return null, or why that can't be */
        String sysctl(String name, String value);

        /** @return null, or why that can't be */
        String offload(boolean on);

        /** Flows in the state of this name, FreeBSD's; negative if that can't be told. */
        int countInState(String state);
    }

    private final Path folder;
    private final Target target;

    /** @param folder that relative paths start from; null if there is none */
    Shell(final Path folder, final Target target) {
        this.folder = folder;
        this.target = target;
    }

    void run(final String text) {
        run(text, folder, 0);
    }

    private void run(final String text, final Path from, final int depth) {
        final String joined = text.replaceAll("\\\\\\s*\\n", " ");
        for (final String line : joined.split("\\n")) {
            final String code = line.replaceAll("(^|\\s)#.*$", "");
            for (final String command : code.split(";|&&|\\|\\|")) {
                if (!command.isBlank()) {
                    command(command.strip(), from, depth);
                }
            }
        }
    }

    private void command(final String command, final Path from, final int depth) {
        final String plain = command.replaceAll("\\s*[0-9&]*>+\\s*&?[^ ]+", "").strip();
        final List<String> words = words(expand(plain));
        if (words.isEmpty()) {
            return;
        }
        final String name = words.getFirst();
        if (name.equals("sysctl") || name.endsWith("/set_sysctls.py")) {
            sysctls(words.subList(1, words.size()), command);
        } else if (name.startsWith("/tmp/sysctl_restore")) {
            // Settings end with the script here.
            return;
        } else if (name.endsWith(".sh")) {
            include(name, from, depth);
        } else if (name.equals("ethtool")) {
            ethtool(words, command);
        } else if (plain.matches("tc qdisc (add|replace) dev \\S+ root fq")) {
            // Linux's queue of flows, by which TCP's segments are paced.
            refuse(command, target.sysctl("net.core.default_qdisc", "fq"));
        } else if (name.equals("sockstat")) {
            sockstat(command);
        } else if (!isHarmless(plain)) {
            throw ScriptStop.skip("command " + shortened(plain));
        }
    }

    /** Caches, queues and reference counts that don't exist here, and the default queue of the device. */
    private static boolean isHarmless(final String command) {
        return command.matches(
                "ip (-6 )?tcp_metrics flush( all)?|setkey -F|sync|true|tcpdrop -s TIME_WAIT|sleep [0-9.]+|nstat( -n)?|/bin/rm .*"
                        + "|grep \" 0A \" /proc/net/tcp.*|tc qdisc (add|replace) dev \\S+ root (pfifo|noqueue|pfifo_fast)");
    }

    private static String shortened(final String command) {
        final String[] words = command.split("\\s+");
        final StringBuilder text = new StringBuilder(words[0].substring(words[0].lastIndexOf('/') + 1));
        for (int i = 1; i < Math.min(words.length, 3); i++) {
            text.append(' ').append(words[i]);
        }
        return text.toString();
    }

    private void sysctls(final List<String> words, final String command) {
        for (final String word : words) {
            if (ASSIGNMENT.matcher(word).matches()) {
                final int equals = word.indexOf('=');
                final String name = word.substring(0, equals).replaceFirst("^/proc/sys/", "").replace('/', '.');
                final String why = target.sysctl(name, word.substring(equals + 1));
                if (why != null) {
                    throw ScriptStop.skip("sysctl " + name + ": " + why);
                }
            } else if (!word.startsWith("-")) {
                throw ScriptStop.skip("command " + shortened(command));
            }
        }
    }

    private void include(final String name, final Path from, final int depth) {
        if (from == null || depth == MAX_DEPTH) {
            throw ScriptStop.skip("file " + name);
        }
        final Path file = from.resolve(name).normalize();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw ScriptStop.skip("file " + name + " is longer than MAX=" + MAX_FILE_BYTES);
            }
            run(Files.readString(file, StandardCharsets.ISO_8859_1), file.getParent(), depth + 1);
        } catch (final IOException _) {
            throw ScriptStop.skip("file " + name + " can't be read");
        }
    }

    private void ethtool(final List<String> words, final String command) {
        final boolean off = words.contains("off") && !words.contains("on");
        final boolean segmentation = words.contains("tso") || words.contains("gso");
        final String why = words.contains("-K") && segmentation ? target.offload(!off) : "not understood";
        refuse(command, why);
    }

    private static void refuse(final String command, final String why) {
        if (why != null) {
            throw ScriptStop.skip("command " + shortened(command) + ": " + why);
        }
    }

    /** {@code sockstat … | grep -c TIME_WAIT | grep 1}: so many flows in that state. */
    private void sockstat(final String command) {
        final Matcher matcher = Pattern.compile(".*grep -c (\\w+)\\s*\\|\\s*grep (\\d+)").matcher(command);
        final int count = matcher.matches() ? target.countInState(matcher.group(1)) : -1;
        if (count < 0) {
            throw ScriptStop.skip("command sockstat" + (matcher.matches() ? " of " + matcher.group(1) : ""));
        }
        if (count != Integer.parseInt(matcher.group(2))) {
            throw ScriptStop.failure("command: sockstat", "flows in " + matcher.group(1), matcher.group(2),
                    Integer.toString(count));
        }
    }

    // -- words

    /** {@code $((15*1024*1024))} as its value. */
    private static String expand(final String text) {
        final Matcher matcher = PRODUCT.matcher(text);
        final StringBuilder expanded = new StringBuilder();
        while (matcher.find()) {
            long product = 1;
            for (final String factor : matcher.group(1).replaceAll("[() ]", "").split("\\*")) {
                product *= factor.isEmpty() || factor.length() > 12 ? 1 : Long.parseLong(factor);
            }
            matcher.appendReplacement(expanded, Long.toString(product));
        }
        return matcher.appendTail(expanded).toString();
    }

    /** Divides at blanks; quotation marks hold together and go away. */
    private static List<String> words(final String text) {
        final List<String> words = new ArrayList<>();
        final StringBuilder word = new StringBuilder();
        char quote = 0;
        for (final char c : (text + " ").toCharArray()) {
            if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        return words;
    }
}
