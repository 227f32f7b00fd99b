package io.netchannel.samples.haproxy.tls;

import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What a session's certificates say, by OpenSSL's names. */
public final class Certificates {

    private Certificates() {
    }

    /** Null if the other end showed none. */
    public static X509Certificate peer(final SSLSession session) {
        try {
            return first(session.getPeerCertificates());
        } catch (final SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** Null if this end showed none. */
    public static X509Certificate own(final SSLSession session) {
        return first(session.getLocalCertificates());
    }

    private static X509Certificate first(final Certificate[] chain) {
        return chain != null && chain.length > 0 && chain[0] instanceof final X509Certificate certificate
                ? certificate
                : null;
    }

    /** Of the subject; null if it has none. */
    public static String commonName(final X509Certificate certificate) {
        try {
            for (final Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (final InvalidNameException e) {
            // A name that can't be read is none.
        }
        return null;
    }

    /** As {@code RSA-SHA256}, {@code ecdsa-with-SHA256}. */
    public static String signatureAlgorithm(final X509Certificate certificate) {
        final String name = certificate.getSigAlgName();
        final int with = name.indexOf("with");
        if (with < 0) {
            return name;
        }
        final String key = name.substring(with + 4);
        return key.equals("ECDSA") ? "ecdsa-with-" + name.substring(0, with) : key + "-" + name.substring(0, with);
    }

    /** As {@code RSA2048}, {@code EC256}. */
    public static String keyAlgorithm(final X509Certificate certificate) {
        final PublicKey key = certificate.getPublicKey();
        return key.getAlgorithm() + switch (key) {
            case final RSAKey rsa -> Integer.toString(rsa.getModulus().bitLength());
            case final ECKey ec -> Integer.toString(ec.getParams().getCurve().getField().getFieldSize());
            case final DSAKey dsa -> Integer.toString(dsa.getParams().getP().bitLength());
            default -> "";
        };
    }
}
