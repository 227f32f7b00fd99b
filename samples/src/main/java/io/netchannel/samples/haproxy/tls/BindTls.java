package io.netchannel.samples.haproxy.tls;

import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.config.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** TLS of a {@code bind}, with its certificates as they were when the configuration was read. */
public final class BindTls {

    /** Null: its connections come in clear text. */
    public static final Setting<BindTls> SETTING = Setting.of("TLS of a bind", null);

    private final SslContext context;
    private final NamedKeys keys;
    private final boolean strict;

    private BindTls(final SslContext context, final NamedKeys keys, final boolean strict) {
        this.context = context;
        this.keys = keys;
        this.strict = strict;
    }

    /** Of a bind that has {@code ssl} and {@code crt}. */
    public static BindTls of(final BindSettings bind) throws ConfigException {
        final List<KeyPairs.KeyPair> pairs = new ArrayList<>();
        for (final String location : bind.get(TlsOptions.CERTIFICATES)) {
            pairs.addAll(KeyPairs.read(location));
        }
        final boolean strict = bind.get(TlsOptions.STRICT_SNI);
        if (pairs.isEmpty()) {
            throw new ConfigException("'crt' : there is no certificate in " + bind.get(TlsOptions.CERTIFICATES));
        }
        final NamedKeys keys = new NamedKeys(pairs, strict);
        final SslContextBuilder builder = SslContextBuilder.forServer(keys);
        final TlsOptions.Verify verify = bind.get(TlsOptions.VERIFY);
        if (verify == TlsOptions.Verify.OPTIONAL || verify == TlsOptions.Verify.REQUIRED) {
            builder.clientAuth(verify == TlsOptions.Verify.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
            final List<X509Certificate> authorities = TlsSupport.authorities(bind.get(TlsOptions.CA_FILE));
            if (authorities != null) {
                builder.trustManager(authorities);
            }
        }
        return new BindTls(TlsSupport.build(builder, TlsSupport.versions(bind.get(TlsOptions.MIN_VERSION), bind.get(
                TlsOptions.MAX_VERSION)), CipherNames.suites(bind.get(TlsOptions.CIPHERS),
                        bind.get(
                                TlsOptions.CIPHER_SUITES)),
                bind.get(TlsOptions.ALPN)), keys, strict);
    }

    /** For one connection; how long it may take is the connection's matter. */
    public SslHandler handler(final ByteBufAllocator allocator) {
        final SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(0);
        if (strict) {
            final SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setSNIMatchers(List.of(keys.matcher()));
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    /** The name that the client asked for; null if it did not. */
    public static String requestedName(final SSLSession session) {
        return NamedKeys.requestedName(session);
    }
}
