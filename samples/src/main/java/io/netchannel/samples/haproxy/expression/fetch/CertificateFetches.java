package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.tls.Certificates;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/** Fetches of certificates: of the client, of the frontend, of the server. */
final class CertificateFetches {

    private static final DateTimeFormatter ASN1_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
            .withZone(ZoneOffset.UTC);
    private static final Map<String, String> NAMES = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    private CertificateFetches() {
    }

    static void addTo(final FetchTable table) {
        group(table, "ssl_c_", Origin.CLIENT_L5, evaluation -> peer(evaluation.context().frontTls()));
        group(table, "ssl_f_", Origin.CLIENT_L5, evaluation -> own(evaluation.context().frontTls()));
        group(table, "ssl_s_", Origin.CLIENT_L5, evaluation -> peer(evaluation.context().backTls()));
    }

    private static Certificate[] peer(final SSLSession session) {
        try {
            return session == null ? null : session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static Certificate[] own(final SSLSession session) {
        return session == null ? null : session.getLocalCertificates();
    }

    private static void group(final FetchTable table, final String prefix, final Origin origin,
            final Function<Evaluation, Certificate[]> chain) {
        one(table, prefix + "der", Type.BIN, origin, chain, certificate -> new Value.Bin(der(certificate)));
        one(table, prefix + "sha1", Type.BIN, origin, chain, certificate -> new Value.Bin(sha1(der(certificate))));
        one(table, prefix + "serial", Type.BIN, origin, chain,
                certificate -> new Value.Bin(certificate.getSerialNumber().toByteArray()));
        one(table, prefix + "version", Type.SINT, origin, chain,
                certificate -> new Value.Int(certificate.getVersion()));
        one(table, prefix + "notbefore", Type.STR, origin, chain, certificate -> time(certificate.getNotBefore()));
        one(table, prefix + "notafter", Type.STR, origin, chain, certificate -> time(certificate.getNotAfter()));
        one(table, prefix + "sig_alg", Type.STR, origin, chain,
                certificate -> new Value.Str(Certificates.signatureAlgorithm(certificate)));
        one(table, prefix + "key_alg", Type.STR, origin, chain, certificate -> new Value.Str(key(certificate)));
        final Signature name = Signature.of(0, ArgType.STR, ArgType.SINT, ArgType.STR);
        table.add(prefix + "s_dn", name, Type.STR, origin,
                (args, place) -> name(args, chain, X509Certificate::getSubjectX500Principal));
        table.add(prefix + "i_dn", name, Type.STR, origin,
                (args, place) -> name(args, chain, X509Certificate::getIssuerX500Principal));
        if (!prefix.equals("ssl_f_")) {
            table.add(prefix + "chain_der", Type.BIN, origin, evaluation -> {
                final Certificate[] certificates = chain.apply(evaluation);
                if (certificates == null) {
                    return null;
                }
                final ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (final Certificate certificate : certificates) {
                    out.writeBytes(der(certificate));
                }
                return new Value.Bin(out.toByteArray());
            });
        }
    }

    private static void one(final FetchTable table, final String name, final Type type, final Origin origin,
            final Function<Evaluation, Certificate[]> chain, final Function<X509Certificate, Value> of) {
        table.add(name, type, origin, evaluation -> {
            final X509Certificate certificate = first(chain.apply(evaluation));
            return certificate == null ? null : of.apply(certificate);
        });
    }

    private static X509Certificate first(final Certificate[] chain) {
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate certificate
                ? certificate
                : null;
    }

    private static byte[] der(final Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            return new byte[0];
        }
    }

    private static byte[] sha1(final byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Value time(final Date date) {
        return new Value.Str(ASN1_TIME.format(date.toInstant()));
    }

    private static String key(final X509Certificate certificate) {
        return switch (certificate.getPublicKey().getAlgorithm()) {
            case "RSA" -> "rsaEncryption";
            case "EC" -> "id-ecPublicKey";
            case "DSA" -> "dsaEncryption";
            case String other -> other;
        };
    }

    /** The whole name as {@code /C=…/CN=…}, or one entry of it, the n-th, from the end if n is negative. */
    private static Fetch.Sampler name(final Args args, final Function<Evaluation, Certificate[]> chain,
            final Function<X509Certificate, X500Principal> of) throws ConfigException {
        final String wanted = args.text(0);
        final long position = args.number(1) == 0 ? 1 : args.number(1);
        final boolean rfc2253 = args.text(2).equals("rfc2253");
        if (args.has(2) && !args.text(2).isEmpty() && !rfc2253) {
            throw new ConfigException("only rfc2253 or a blank value are currently supported as the format argument.");
        }
        return evaluation -> {
            final X509Certificate certificate = first(chain.apply(evaluation));
            if (certificate == null) {
                return null;
            }
            final X500Principal principal = of.apply(certificate);
            if (rfc2253 && wanted.isEmpty()) {
                return new Value.Str(principal.getName(X500Principal.RFC2253));
            }
            return part(principal, wanted, position);
        };
    }

    private static Value part(final X500Principal principal, final String wanted, final long position) {
        final StringBuilder all = new StringBuilder();
        final List<String> found = new ArrayList<>();
        try {
            for (final Rdn rdn : new LdapName(principal.getName(X500Principal.RFC2253, NAMES)).getRdns()) {
                all.append('/').append(rdn.getType()).append('=').append(rdn.getValue());
                if (rdn.getType().equalsIgnoreCase(wanted)) {
                    found.add(String.valueOf(rdn.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            return null;
        }
        if (wanted.isEmpty()) {
            return new Value.Str(all.toString());
        }
        if (position < 0) {
            Collections.reverse(found);
        }
        final long index = Math.abs(position) - 1;
        return index < found.size() ? new Value.Str(found.get((int) index)) : null;
    }
}
