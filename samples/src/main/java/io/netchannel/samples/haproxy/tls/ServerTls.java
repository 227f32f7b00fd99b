package io.netchannel.samples.haproxy.tls;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.config.TlsOptions;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS to a {@code server}, with certificates as they were when the configuration was read. */
public final class ServerTls {

    /** Null: it is spoken to in clear text. */
    public static final Setting<ServerTls> SETTING = Setting.of("TLS of a server", null);

    /** Null: it is checked in clear text. */
    public static final Setting<ServerTls> OF_CHECKS = Setting.of("TLS of checks", null);

    private final SslContext context;
    private final Expression name;

    private ServerTls(final SslContext context, final Expression name) {
        this.context = context;
        this.name = name;
    }

    /** @param verify whether the certificate is looked at: {@code ca-file} is there then @param name of SNI; null: none */
    public static ServerTls of(final ServerSettings server, final boolean verify, final Expression name)
            throws ConfigException {
        final SslContextBuilder builder = SslContextBuilder.forClient()
                // Which name counts is haproxy's own rule: see ServerTrust.
                .endpointIdentificationAlgorithm("");
        if (verify) {
            builder.trustManager(new ServerTrust(authorities(server.get(TlsOptions.CA_FILE)), server.get(
                    TlsOptions.VERIFY_HOST)));
        } else {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        if (!server.get(TlsOptions.CERTIFICATES).isEmpty()) {
            final KeyPairs.KeyPair own = KeyPairs.read(server.get(TlsOptions.CERTIFICATES).getFirst()).getFirst();
            builder.keyManager(own.key(), own.chain());
        }
        return new ServerTls(TlsSupport.build(builder, TlsSupport.versions(server.get(TlsOptions.MIN_VERSION), server
                .get(TlsOptions.MAX_VERSION)), CipherNames.suites(server.get(TlsOptions.CIPHERS),
                        server.get(
                                TlsOptions.CIPHER_SUITES)),
                server.get(TlsOptions.ALPN)), name);
    }

    private static X509ExtendedTrustManager authorities(final String file) throws ConfigException {
        final List<X509Certificate> trusted = TlsSupport.authorities(file);
        try {
            KeyStore store = null;
            if (trusted != null) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (int i = 0; i < trusted.size(); i++) {
                    store.setCertificateEntry("ca" + i, trusted.get(i));
                }
            }
            final TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory
                    .getDefaultAlgorithm());
            factory.init(store);
            for (final TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof final X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
        } catch (final GeneralSecurityException | IOException e) {
            throw new ConfigException("unable to set CA file '" + file + "': " + e.getMessage(), e);
        }
        throw new ConfigException("unable to set CA file '" + file + "'");
    }

    /** The name to ask for, which the connection is for then; null: none. */
    public String serverName(final SampleContext stream) {
        return name == null ? null : name.evaluateText(stream);
    }

    /** Whether another request may ask for another name. */
    public boolean namesDiffer() {
        return name != null && !name.name().equals("str");
    }

    /**
     * For one connection; how long it may take is the connection's matter.
     *
     * @throws SSLException if the name is none that can be asked for
     */
    public SslHandler handler(final ByteBufAllocator allocator, final String serverName) throws SSLException {
        final SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(0);
        if (serverName != null && !serverName.isEmpty()) {
            try {
                final SSLParameters parameters = handler.engine().getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
                handler.engine().setSSLParameters(parameters);
            } catch (final IllegalArgumentException e) {
                throw new SSLException("'" + serverName + "' can't be asked for by SNI: " + e.getMessage(), e);
            }
        }
        return handler;
    }
}
