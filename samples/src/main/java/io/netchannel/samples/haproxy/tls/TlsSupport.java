package io.netchannel.samples.haproxy.tls;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** What TLS of both sides is made of. */
final class TlsSupport {

    private static final List<String> VERSIONS = List.of("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    /** The JDK refuses what is older (RFC 8996). */
    private static final int OLDEST = VERSIONS.indexOf("TLSv1.2");

    private TlsSupport() {
    }

    /** @param min null for the oldest, @param max null for the newest */
    static List<String> versions(final String min, final String max) throws ConfigException {
        final int from = Math.max(OLDEST, min == null ? 0 : VERSIONS.indexOf(min));
        final int to = max == null ? VERSIONS.size() - 1 : VERSIONS.indexOf(max);
        if (from > to) {
            throw new ConfigException("'ssl-min-ver " + VERSIONS.get(from) + "' and 'ssl-max-ver " + max
                    + "' leave no version of TLS: those from TLSv1.2 to TLSv1.3 are there");
        }
        return VERSIONS.subList(from, to + 1);
    }

    /** @return null for {@code @system-ca}, the JDK's own */
    static List<X509Certificate> authorities(final String file) throws ConfigException {
        if ("@system-ca".equals(file)) {
            return null;
        }
        final List<X509Certificate> all = new ArrayList<>(Pem.read(Path.of(file)).certificates());
        if (all.isEmpty()) {
            throw new ConfigException("'ca-file' : unable to load " + file);
        }
        return all;
    }

    static SslContext build(final SslContextBuilder builder, final List<String> versions, final List<String> suites,
            final List<String> alpn) throws ConfigException {
        builder.sslProvider(SslProvider.JDK).protocols(versions);
        if (suites != null) {
            builder.ciphers(suites);
        }
        if (!alpn.isEmpty()) {
            // Nothing in common is no error: the connection has no protocol chosen then.
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, alpn));
        }
        try {
            return builder.build();
        } catch (final SSLException | IllegalArgumentException e) {
            throw new ConfigException("TLS can't be set up: " + e.getMessage(), e);
        }
    }
}
