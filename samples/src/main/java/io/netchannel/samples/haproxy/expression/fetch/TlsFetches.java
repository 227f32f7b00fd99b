package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.tls.CipherNames;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Fetches of TLS connections, as far as the JDK tells of them. */
final class TlsFetches {

    private TlsFetches() {
    }

    static void addTo(final FetchTable table) {
        side(table, "ssl_fc", Origin.CLIENT_L5, evaluation -> evaluation.context().frontTls(), true);
        side(table, "ssl_bc", Origin.SERVER_L5, evaluation -> evaluation.context().backTls(), false);
        table.add("ssl_fc_has_crt", Type.BOOL, Origin.CLIENT_L5,
                evaluation -> evaluation.context().frontTls() == null
                        ? null
                        : Casts.bool(hasPeer(evaluation.context().frontTls())));
        table.add("ssl_c_used", Type.BOOL, Origin.CLIENT_L5,
                evaluation -> evaluation.context().frontTls() == null
                        ? null
                        : Casts.bool(hasPeer(evaluation.context().frontTls())));
        table.add("ssl_fc_has_early", Type.BOOL, Origin.CLIENT_L5,
                evaluation -> evaluation.context().frontTls() == null ? null : Casts.bool(false));
        table.add("ssl_fc_has_sni", Type.BOOL, Origin.CLIENT_L5, evaluation -> evaluation.context().frontTls() == null
                ? null
                : Casts.bool(evaluation.context().tlsServerName() != null));
        table.add("ssl_fc_sni", Type.STR, Origin.CLIENT_L5, evaluation -> evaluation.context().frontTls() == null
                ? null
                : RequestFetches.text(evaluation.context().tlsServerName()));
        // A handshake that failed has no session of which this could be asked.
        for (final String name : new String[]{"ssl_c_ca_err", "ssl_c_ca_err_depth", "ssl_c_err", "ssl_c_verify"}) {
            table.add(name, Type.SINT, Origin.CLIENT_L5,
                    evaluation -> evaluation.context().frontTls() == null ? null : new Value.Int(0));
        }
        CertificateFetches.addTo(table);
    }

    private static boolean hasPeer(final SSLSession session) {
        try {
            return session.getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private static void side(final FetchTable table, final String name, final Origin origin,
            final Function<Evaluation, SSLSession> session, final boolean front) {
        table.add(name, Type.BOOL, origin, evaluation -> Casts.bool(session.apply(evaluation) != null));
        of(table, name + "_cipher", Type.STR, origin, session,
                tls -> new Value.Str(CipherNames.openSsl(tls.getCipherSuite())));
        of(table, name + "_protocol", Type.STR, origin, session, tls -> new Value.Str(tls.getProtocol()));
        of(table, name + "_alg_keysize", Type.SINT, origin, session,
                tls -> new Value.Int(keyBits(tls.getCipherSuite())));
        of(table, name + "_use_keysize", Type.SINT, origin, session,
                tls -> new Value.Int(keyBits(tls.getCipherSuite())));
        of(table, name + "_session_id", Type.BIN, origin, session, tls -> new Value.Bin(tls.getId()));
        of(table, name + "_is_resumed", Type.BOOL, origin, session, _ -> Casts.bool(false));
        of(table, name + "_err", Type.SINT, origin, session, _ -> new Value.Int(0));
        of(table, name + "_err_str", Type.STR, origin, session, _ -> new Value.Str("error:00000000:lib(0)::reason(0)"));
        table.add(name + "_alpn", Type.STR, origin, evaluation -> session.apply(evaluation) == null
                ? null
                : RequestFetches.text(evaluation.context().tlsAlpn(front)));
    }

    private static void of(final FetchTable table, final String name, final Type type, final Origin origin,
            final Function<Evaluation, SSLSession> session, final Function<SSLSession, Value> value) {
        table.add(name, type, origin, evaluation -> {
            final SSLSession tls = session.apply(evaluation);
            return tls == null ? null : value.apply(tls);
        });
    }

    private static int keyBits(final String suite) {
        if (suite.contains("AES_128") || suite.contains("CAMELLIA_128")) {
            return 128;
        }
        return suite.contains("3DES") ? 168 : suite.contains("256") || suite.contains("CHACHA20") ? 256 : 0;
    }
}
