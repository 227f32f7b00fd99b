package io.netchannel.tcpip.script;

import io.netchannel.tcpip.script.SysctlTable.Outcome;
import io.netchannel.tcpip.script.SysctlTable.Row;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.util.Locale;

/**
 * Linux's and FreeBSD's settings of TCP, as scripts make them, in terms of ours; and ours as {@code net.netchannel.} with
 * the name of a {@link TcpSetting} in small letters, like {@code net.netchannel.min_rto_ns}.
 *
 * <p>Threading: confined to one thread.
 */
public final class Sysctls {

    /** What became of a setting. */
    public enum Kind {
        /** It is one of ours: {@link Sysctls#config()} has it. */
        MAPPED,
        /** It changes nothing here, for the reason given. */
        HARMLESS,
        /** We can't behave like that: a script that needs it is to be skipped. */
        UNSUPPORTED
    }

    /** @param reason empty for what is {@code MAPPED} */
    public record Result(Kind kind, String reason) {

        static Result unsupported(final String reason) {
            return new Result(Kind.UNSUPPORTED, reason);
        }

        public boolean isSupported() {
            return kind != Kind.UNSUPPORTED;
        }
    }

    private static final String PROC = "/proc/sys/";
    /** Before the names of our own settings, where Linux has none or another unit. */
    private static final String OWN = "net.netchannel.";

    private final SysctlTable linux = LinuxSysctls.table();
    private final SysctlTable freeBsd = FreeBsdSysctls.table();
    private TcpConfig config;

    /** @param config settings to start from */
    public Sysctls(final TcpConfig config) {
        this.config = config;
    }

    /**
     * Takes over one setting.
     *
     * @param name as {@code net.ipv4.tcp_sack}, {@code net/ipv4/tcp_sack} or {@code /proc/sys/net/ipv4/tcp_sack}
     * @param value of one or several numbers, in quotation marks or not
     */
    public Result set(final String name, final String value) {
        final String dotted = (name.startsWith(PROC) ? name.substring(PROC.length()) : name).replace('/', '.');
        final Row row = row(dotted);
        if (row == null) {
            return Result.unsupported("we know no setting of this name");
        }
        try {
            final Outcome outcome = row.apply(config, value.replace("\"", ""));
            config = outcome.config();
            return outcome.result();
        } catch (final NumberFormatException malformed) {
            return Result.unsupported("\"" + value + "\" is not understood: " + malformed.getMessage());
        }
    }

    private Row row(final String name) {
        if (name.startsWith(OWN)) {
            return own(name.substring(OWN.length()));
        }
        final Row inLinux = linux.find(name);
        return inLinux == null ? freeBsd.find(name) : inLinux;
    }

    private static Row own(final String name) {
        for (final TcpSetting setting : TcpSetting.values()) {
            if (setting.name().toLowerCase(Locale.ROOT).equals(name)) {
                return (config, value) -> SysctlTable.set(config, setting, SysctlTable.number(value));
            }
        }
        return null;
    }

    /** All that was set so far. */
    public TcpConfig config() {
        return config;
    }
}
