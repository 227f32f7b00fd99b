package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.thread.Features;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The lines NAME=VALUE before the initial state that change what a test means; the others are remarks. */
final class Settings {

    private Settings() {
    }

    static Features features(final Map<String, Text> settings) {
        boolean vmsa = false;
        boolean ifetch = false;
        List<String> caches = List.of();
        final Set<Integer> users = new HashSet<>();
        for (final Map.Entry<String, Text> setting : settings.entrySet()) {
            final int line = setting.getValue().lineNumber();
            final List<String> words = words(setting.getValue());
            switch (setting.getKey().toLowerCase(Locale.ROOT)) {
                case "variant" -> {
                    vmsa = words.contains("vmsa") || words.contains("kvm");
                    ifetch = words.contains("ifetch") || words.contains("self");
                    refuse(words, List.of("vmsa", "kvm", "ifetch", "self", "fatal"), line, "variant");
                    if (vmsa && ifetch) {
                        throw LitmusException.unsupported(line, String.join(",", words), "variants together");
                    }
                }
                case "cachetype" -> {
                    caches = words;
                    refuse(words, List.of("dic", "idc"), line, "cache type");
                }
                case "el0" -> words.forEach(word -> users.add(thread(word, line)));
                case "tthm" -> throw LitmusException.unsupported(line, "TTHM", "hardware updates of page tables");
                default -> {
                }
            }
        }
        return new Features(vmsa, ifetch, caches.contains("dic"), caches.contains("idc"), users);
    }

    private static List<String> words(final Text text) {
        return List.of(text.line().strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*|\\s+"));
    }

    private static void refuse(final List<String> words, final List<String> known, final int line, final String what) {
        for (final String word : words) {
            if (!known.contains(word)) {
                throw LitmusException.unsupported(line, word, what);
            }
        }
    }

    private static int thread(final String word, final int line) {
        if (!word.matches("p[0-9]{1,2}")) {
            throw LitmusException.malformed(line, word, "P0, P1, … expected");
        }
        return Integer.parseInt(word.substring(1));
    }
}
