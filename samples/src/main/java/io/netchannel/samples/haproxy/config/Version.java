package io.netchannel.samples.haproxy.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which haproxy this is like. */
public final class Version {

    public static final String NUMBER = "2.6.0";
    public static final String TEXT = NUMBER + "-netchannel";
    /** Of haproxy 2.6.0. */
    public static final String DATE = "2022/05/31";

    /** haproxy's build options: which of them have their like here. */
    private static final Map<String, Boolean> OPTIONS = new TreeMap<>();

    static {
        for (final String present : new String[]{"ACCEPT4", "EPOLL", "GETADDRINFO", "POLL", "RT", "SLZ"}) {
            OPTIONS.put(present, true);
        }
        for (final String absent : new String[]{"51DEGREES", "BACKTRACE", "CLOSEFROM", "CPU_AFFINITY", "CRYPT_H",
            "DEVICEATLAS",
            "DL", "ENGINE", "EVPORTS", "KQUEUE", "LIBCRYPT", "LINUX_SPLICE", "LINUX_TPROXY", "LUA", "MEMORY_PROFILING",
            "NETFILTER",
            "NS", "OBSOLETE_LINKER", "OPENSSL", "OT", "PCRE", "PCRE2", "PCRE2_JIT", "PCRE_JIT", "PRCTL", "PROCCTL",
            "PROMEX", "QUIC", "STATIC_PCRE", "STATIC_PCRE2", "SYSTEMD", "TFO", "THREAD", "THREAD_DUMP", "TPROXY",
            "WURFL", "ZLIB"}) {
            OPTIONS.put(absent, false);
        }
    }

    /** What {@code feature()} is true for. */
    public static final Set<String> FEATURES = OPTIONS.keySet().stream().filter(OPTIONS::get)
            .collect(Collectors.toUnmodifiableSet());

    private Version() {
    }

    /** {@code +NAME} or {@code -NAME} of each build option of haproxy. */
    public static String featureList() {
        return OPTIONS.entrySet().stream().map(option -> (option.getValue() ? "+" : "-") + option.getKey())
                .collect(Collectors.joining(" "));
    }

    /** @return how ours compares to {@code other}: parts of numbers, of which absent ones are 0 */
    static int compareTo(final String other) {
        final String[] ours = NUMBER.split("\\.");
        final String[] theirs = other.split("[.-]");
        for (int i = 0; i < Math.max(ours.length, theirs.length); i++) {
            final long mine = i < ours.length ? Units.leadingInteger(ours[i]) : 0;
            final String part = i < theirs.length ? theirs[i] : "";
            // A development version comes before the version that it becomes.
            final long its = part.startsWith("dev") ? -1 : Units.leadingInteger(part);
            if (mine != its) {
                return Long.compare(mine, its);
            }
        }
        return 0;
    }
}
