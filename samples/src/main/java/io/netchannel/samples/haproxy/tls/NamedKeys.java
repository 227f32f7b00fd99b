package io.netchannel.samples.haproxy.tls;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Chooses a bind's certificate by the name that the client asks for (RFC 6066, section 3): the name itself, else with a star for
 * its first label, else the first certificate. Certificates of one name are told apart by the kind of their key.
 */
final class NamedKeys extends X509ExtendedKeyManager {

    private final List<KeyPairs.KeyPair> pairs;
    private final boolean strict;
    private final Map<String, List<Integer>> byName = new HashMap<>();

    /** @param strict who asks for no name that is known gets no certificate */
    NamedKeys(final List<KeyPairs.KeyPair> pairs, final boolean strict) {
        this.pairs = List.copyOf(pairs);
        this.strict = strict;
        for (int i = 0; i < pairs.size(); i++) {
            for (final String name : HostNames.of(pairs.get(i).chain()[0])) {
                byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(i);
            }
        }
    }

    /** Null: none is asked for. */
    static String requestedName(final SSLSession session) {
        if (session instanceof final ExtendedSSLSession extended) {
            for (final SNIServerName name : extended.getRequestedServerNames()) {
                if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                    return new String(name.getEncoded(), StandardCharsets.UTF_8);
                }
            }
        }
        return null;
    }

    private List<Integer> candidates(final String name) {
        if (name != null) {
            final String wanted = name.toLowerCase(Locale.ROOT);
            List<Integer> found = byName.get(wanted);
            if (found == null) {
                found = byName.get(HostNames.wildcard(wanted));
            }
            if (found != null) {
                return found;
            }
        }
        return strict ? List.of() : List.of(0);
    }

    /** For {@code strict-sni}: the client is told unrecognized_name. */
    SNIMatcher matcher() {
        return new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(final SNIServerName name) {
                return !candidates(new String(name.getEncoded(), StandardCharsets.UTF_8)).isEmpty();
            }
        };
    }

    @Override
    public String chooseEngineServerAlias(final String keyType, final Principal[] issuers, final SSLEngine engine) {
        for (final int candidate : candidates(requestedName(engine.getHandshakeSession()))) {
            if (pairs.get(candidate).key().getAlgorithm().equals(keyType)) {
                return Integer.toString(candidate);
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(final String alias) {
        return pairs.get(Integer.parseInt(alias)).chain();
    }

    @Override
    public PrivateKey getPrivateKey(final String alias) {
        return pairs.get(Integer.parseInt(alias)).key();
    }

    // -- engines of servers ask for none of these

    @Override
    public String[] getServerAliases(final String keyType, final Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(final String keyType, final Principal[] issuers, final Socket socket) {
        return null;
    }

    @Override
    public String[] getClientAliases(final String keyType, final Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(final String[] keyType, final Principal[] issuers, final Socket socket) {
        return null;
    }
}
