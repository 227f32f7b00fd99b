package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.proxy.ServerTraffic.ProxyOption;
import io.netchannel.samples.haproxy.tls.Certificates;
import io.netchannel.samples.haproxy.tls.CipherNames;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSession;

/** PP2_TYPE_SSL of the PROXY protocol's version 2 (section 2.2.6): how the client spoke TLS to us. */
final class ProxyHeaderTls {

    private static final int CLIENT_SSL = 0x01;
    private static final int CLIENT_CERTIFICATE_OF_CONNECTION = 0x02;
    private static final int CLIENT_CERTIFICATE_OF_SESSION = 0x04;
    private static final int SUBTYPE_VERSION = 0x21;
    private static final int SUBTYPE_COMMON_NAME = 0x22;
    private static final int SUBTYPE_CIPHER = 0x23;
    private static final int SUBTYPE_SIGNATURE_ALGORITHM = 0x24;
    private static final int SUBTYPE_KEY_ALGORITHM = 0x25;

    private ProxyHeaderTls() {
    }

    /** @param session null where the client spoke in clear text: that is what it then says */
    static HAProxyTLV extension(final SSLSession session, final Set<ProxyOption> options) {
        final List<HAProxyTLV> facts = new ArrayList<>();
        int client = 0;
        if (session != null) {
            client = CLIENT_SSL;
            facts.add(ProxyHeaderWriter.text(SUBTYPE_VERSION, session.getProtocol()));
            final X509Certificate peer = Certificates.peer(session);
            if (peer != null) {
                client |= CLIENT_CERTIFICATE_OF_CONNECTION | CLIENT_CERTIFICATE_OF_SESSION;
                final String name = Certificates.commonName(peer);
                if (options.contains(ProxyOption.CERT_CN) && name != null) {
                    facts.add(ProxyHeaderWriter.text(SUBTYPE_COMMON_NAME, name));
                }
            }
            final X509Certificate own = Certificates.own(session);
            if (options.contains(ProxyOption.CERT_KEY) && own != null) {
                facts.add(ProxyHeaderWriter.text(SUBTYPE_KEY_ALGORITHM, Certificates.keyAlgorithm(own)));
            }
            if (options.contains(ProxyOption.CERT_SIG) && own != null) {
                facts.add(ProxyHeaderWriter.text(SUBTYPE_SIGNATURE_ALGORITHM, Certificates.signatureAlgorithm(own)));
            }
            if (options.contains(ProxyOption.SSL_CIPHER)) {
                facts.add(ProxyHeaderWriter.text(SUBTYPE_CIPHER, CipherNames.openSsl(session.getCipherSuite())));
            }
        }
        // 0 as the result of the verification: the JDK ends connections whose certificate doesn't pass.
        return new HAProxySSLTLV(0, (byte) client, facts);
    }
}
