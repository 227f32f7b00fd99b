package io.netchannel.samples.haproxy.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * {@code verify required} of a server: its certificate is of an authority that is trusted, and for the name of
 * {@code verifyhost}, else for the one that it was asked for by SNI. Where there is neither, any name will do.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager authorities;
    private final String host;

    /** @param host null: as SNI has it */
    ServerTrust(final X509ExtendedTrustManager authorities, final String host) {
        this.authorities = authorities;
        this.host = host;
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authType, engine);
        final String wanted = host == null ? askedFor(engine) : host;
        if (wanted != null && !HostNames.matches(chain[0], wanted)) {
            throw new CertificateException("the server's certificate is for " + HostNames.of(chain[0]) + ", not for "
                    + wanted);
        }
    }

    private static String askedFor(final SSLEngine engine) {
        if (engine.getSSLParameters().getServerNames() != null) {
            for (final SNIServerName name : engine.getSSLParameters().getServerNames()) {
                if (name instanceof final SNIHostName known) {
                    return known.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }

    // -- engines of clients ask for none of these

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType) throws CertificateException {
        throw new CertificateException("only by an engine");
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
            throws CertificateException {
        throw new CertificateException("only by an engine");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType) throws CertificateException {
        throw new CertificateException("only servers");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
            throws CertificateException {
        throw new CertificateException("only servers");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("only servers");
    }
}
