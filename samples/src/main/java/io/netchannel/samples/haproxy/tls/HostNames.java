package io.netchannel.samples.haproxy.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names that a certificate is for. */
final class HostNames {

    private static final int DNS_NAME = 2;

    private HostNames() {
    }

    /** In lower case: the alternative names, then the subject's common names. */
    static Set<String> of(final X509Certificate certificate) {
        final Set<String> names = new LinkedHashSet<>();
        try {
            final Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (final List<?> alternative : alternatives) {
                    if ((Integer) alternative.get(0) == DNS_NAME) {
                        names.add(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (final CertificateParsingException e) {
            // Names that can't be read are none.
        }
        names.addAll(commonNames(certificate));
        return names;
    }

    private static Set<String> commonNames(final X509Certificate certificate) {
        final Set<String> names = new LinkedHashSet<>();
        try {
            for (final Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()).toLowerCase(Locale.ROOT));
                }
            }
        } catch (final InvalidNameException e) {
            // Names that can't be read are none.
        }
        return names;
    }

    /** A star stands for one label, the first (RFC 6125, 6.4.3). */
    static boolean matches(final X509Certificate certificate, final String host) {
        final String wanted = host.toLowerCase(Locale.ROOT);
        final Set<String> names = of(certificate);
        return names.contains(wanted) || names.contains(wildcard(wanted));
    }

    /** The name with a star for its first label; null if it has only one. */
    static String wildcard(final String host) {
        final int dot = host.indexOf('.');
        return dot < 0 ? null : "*" + host.substring(dot);
    }
}
