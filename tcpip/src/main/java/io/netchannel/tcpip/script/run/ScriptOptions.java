package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.script.call.IpVersion;
import java.util.Objects;

/**
 * How scripts are run where they don't say so themselves.
 *
 * @param dialect null: FreeBSD's for scripts that set its variables, else Linux's
 * @param ipVersion of scripts without {@code --ip_version}
 * @param strict whether a packet that the script doesn't mention is an error before each injected packet and at the end.
 *            packetdrill, and so the public suites, look at packets only when one is expected.
 */
public record ScriptOptions(Dialect dialect, IpVersion ipVersion, boolean strict) {

    public static final ScriptOptions DEFAULT = new ScriptOptions(null, IpVersion.IPV4, false);

    public ScriptOptions {
        Objects.requireNonNull(ipVersion, "ipVersion");
    }

    public ScriptOptions withDialect(final Dialect newDialect) {
        return new ScriptOptions(newDialect, ipVersion, strict);
    }

    public ScriptOptions withIpVersion(final IpVersion version) {
        return new ScriptOptions(dialect, version, strict);
    }

    public ScriptOptions withStrict(final boolean on) {
        return new ScriptOptions(dialect, ipVersion, on);
    }
}
