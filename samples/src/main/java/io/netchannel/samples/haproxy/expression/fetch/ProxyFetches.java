package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.ProxyFacts;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Fetches of the state of proxies, servers and listeners. */
final class ProxyFetches {

    /** Counts something of a proxy by its name. */
    private interface ByName {
        long of(ProxyFacts facts, String name);
    }

    /** Counts something of a server. */
    private interface ByServer {
        long of(ProxyFacts facts, String backend, String server);
    }

    private ProxyFetches() {
    }

    static void addTo(final FetchTable table) {
        final ArgType be = ArgType.BE;
        proxy(table, "avg_queue", be, ProxyFacts::averageQueue);
        proxy(table, "be_conn", be, ProxyFacts::backendConnections);
        proxy(table, "be_conn_free", be, ProxyFacts::backendConnectionsFree);
        proxy(table, "be_sess_rate", be, ProxyFacts::backendSessionRate);
        proxy(table, "connslots", be, ProxyFacts::connectionSlots);
        proxy(table, "nbsrv", be, ProxyFacts::usableServers);
        proxy(table, "queue", be, ProxyFacts::backendQueue);
        proxy(table, "fe_conn", ArgType.FE, ProxyFacts::frontendConnections);
        proxy(table, "fe_req_rate", ArgType.FE, ProxyFacts::frontendRequestRate);
        proxy(table, "fe_sess_rate", ArgType.FE, ProxyFacts::frontendSessionRate);
        server(table, "srv_conn", Type.SINT, ProxyFacts::serverConnections);
        server(table, "srv_conn_free", Type.SINT, ProxyFacts::serverConnectionsFree);
        server(table, "srv_queue", Type.SINT, ProxyFacts::serverQueue);
        server(table, "srv_sess_rate", Type.SINT, ProxyFacts::serverSessionRate);
        server(table, "srv_weight", Type.SINT, ProxyFacts::serverWeight);
        server(table, "srv_iweight", Type.SINT, ProxyFacts::serverInitialWeight);
        server(table, "srv_uweight", Type.SINT, ProxyFacts::serverUserWeight);
        server(table, "srv_is_up", Type.BOOL, (facts, backend, name) -> facts.serverIsUp(backend, name) ? 1 : 0);
        number(table, "fe_id", Origin.FRONTEND, ProxyFacts::frontendId);
        number(table, "so_id", Origin.FRONTEND, ProxyFacts::listenerId);
        number(table, "fe_client_timeout", Origin.FRONTEND, facts -> facts.timeoutMs("client"));
        number(table, "be_server_timeout", Origin.BACKEND, facts -> facts.timeoutMs("server"));
        number(table, "be_tunnel_timeout", Origin.BACKEND, facts -> facts.timeoutMs("tunnel"));
        name(table, "fe_name", Origin.FRONTEND, ProxyFacts::frontendName);
        name(table, "fe_defbe", Origin.FRONTEND, ProxyFacts::defaultBackendName);
        name(table, "so_name", Origin.FRONTEND, ProxyFacts::listenerName);
        name(table, "be_name", Origin.BACKEND, ProxyFacts::backendName);
        name(table, "srv_name", Origin.SERVER, ProxyFacts::serverName);
        chosen(table);
        stream(table);
    }

    private static void chosen(final FetchTable table) {
        table.add("be_id", Type.SINT, Origin.BACKEND, evaluation -> {
            final ProxyFacts facts = evaluation.context().facts();
            return facts.backendName() == null ? null : new Value.Int(facts.backendId());
        });
        table.add("srv_id", Type.SINT, Origin.SERVER, evaluation -> {
            final ProxyFacts facts = evaluation.context().facts();
            return facts.serverName() == null ? null : new Value.Int(facts.serverId());
        });
        table.add("dst_conn", Type.SINT, Origin.FRONTEND,
                evaluation -> new Value.Int(evaluation.context().listenerConnections()));
    }

    private static void stream(final FetchTable table) {
        table.add("cur_server_timeout", Type.SINT, Origin.BACKEND,
                evaluation -> new Value.Int(evaluation.context().timeoutMs("server")));
        table.add("cur_tunnel_timeout", Type.SINT, Origin.BACKEND,
                evaluation -> new Value.Int(evaluation.context().timeoutMs("tunnel")));
        table.add("prio_class", Type.SINT, Origin.INTERNAL,
                evaluation -> new Value.Int(evaluation.context().priorityClass()));
        table.add("prio_offset", Type.SINT, Origin.INTERNAL,
                evaluation -> new Value.Int(evaluation.context().priorityOffset()));
        table.add("last_rule_file", Type.STR, Origin.INTERNAL,
                evaluation -> RequestFetches.text(evaluation.context().lastRuleFile()));
        table.add("last_rule_line", Type.SINT, Origin.INTERNAL,
                evaluation -> evaluation.context().lastRuleFile() == null
                        ? null
                        : new Value.Int(evaluation.context().lastRuleLine()));
        table.add("res.comp", Type.BOOL, Origin.RESPONSE,
                evaluation -> Casts.bool(evaluation.context().compression() != null));
        table.add("res.comp_algo", Type.STR, Origin.RESPONSE,
                evaluation -> RequestFetches.text(evaluation.context().compression()));
        table.add("internal.strm.is_htx", Type.BOOL, Origin.INTERNAL,
                evaluation -> Casts.bool(evaluation.request() != null));
    }

    private static void proxy(final FetchTable table, final String name, final ArgType type, final ByName count) {
        table.add(name, Signature.of(1, type), Type.SINT, Origin.INTERNAL, (args, place) -> {
            final String proxy = named(args, place);
            return evaluation -> new Value.Int(count.of(evaluation.context().facts(), proxy));
        });
    }

    /** Without a name it is the proxy that the line stands in; null where that is no proxy of its own. */
    private static String named(final Args args, final ParsePlace place) {
        if (!args.text(0).isEmpty()) {
            return args.text(0);
        }
        return place.proxy() == null || place.proxy().name().isEmpty() ? null : place.proxy().name();
    }

    private static void server(final FetchTable table, final String name, final Type type, final ByServer count) {
        table.add(name, Signature.of(1, ArgType.SRV), type, Origin.INTERNAL,
                (args, place) -> bindServer(args, place, type,
                        count));
    }

    private static Fetch.Sampler bindServer(final Args args, final ParsePlace place, final Type type,
            final ByServer count) {
        final String text = args.text(0);
        final int slash = text.lastIndexOf('/');
        final String backend = slash >= 0
                ? text.substring(0, slash)
                : place.proxy() == null ? null : place.proxy().name();
        final String server = text.substring(slash + 1);
        return evaluation -> {
            final long number = count.of(evaluation.context().facts(), backend, server);
            return type == Type.BOOL ? Casts.bool(number != 0) : new Value.Int(number);
        };
    }

    private static void number(final FetchTable table, final String name, final Origin origin,
            final ToLongFunction<ProxyFacts> of) {
        table.add(name, Type.SINT, origin, evaluation -> new Value.Int(of.applyAsLong(facts(evaluation))));
    }

    private static void name(final FetchTable table, final String name, final Origin origin,
            final Function<ProxyFacts, String> of) {
        table.add(name, Type.STR, origin, evaluation -> RequestFetches.text(of.apply(facts(evaluation))));
    }

    private static ProxyFacts facts(final Evaluation evaluation) {
        return evaluation.context().facts();
    }
}
