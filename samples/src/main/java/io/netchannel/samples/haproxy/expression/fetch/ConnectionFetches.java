package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.function.Function;

/** Fetches of the addresses and the state of connections. */
final class ConnectionFetches {

    private ConnectionFetches() {
    }

    static void addTo(final FetchTable table) {
        addresses(table, "", Type.IPV4, Origin.CLIENT_L4, SampleContext::source, SampleContext::destination);
        addresses(table, "fc_", Type.IPV4, Origin.CLIENT_L4, SampleContext::connectionSource,
                SampleContext::connectionDestination);
        // haproxy declares addresses of the server's side as integers.
        addresses(table, "bc_", Type.SINT, Origin.SERVER_L4,
                context -> context.log() == null ? null : context.log().backendSource(),
                context -> context.log() == null ? null : context.log().serverAddress());
        local(table, "src_is_local", SampleContext::source);
        local(table, "dst_is_local", SampleContext::destination);
        local(table, "fc_src_is_local", SampleContext::connectionSource);
        local(table, "fc_dst_is_local", SampleContext::connectionDestination);
        table.add("fc_rcvd_proxy", Type.BOOL, Origin.CLIENT_L4,
                evaluation -> Casts.bool(evaluation.context().receivedProxyHeader()));
        table.add("fc_pp_authority", Type.STR, Origin.CLIENT_L4,
                evaluation -> RequestFetches.text(evaluation.context().proxyAuthority()));
        table.add("fc_pp_unique_id", Type.STR, Origin.CLIENT_L4,
                evaluation -> RequestFetches.text(evaluation.context().proxyUniqueId()));
        table.add("fc_http_major", Type.SINT, Origin.CLIENT_L4, _ -> new Value.Int(1));
        table.add("bc_http_major", Type.SINT, Origin.SERVER_L4, _ -> new Value.Int(1));
        table.add("fc_err", Type.SINT, Origin.CLIENT_L4,
                evaluation -> new Value.Int(ConnectionError.code(evaluation.context().connectionError())));
        table.add("fc_err_str", Type.STR, Origin.CLIENT_L4, evaluation -> new Value.Str(
                evaluation.context().connectionError()));
        // A server's connection of which these are asked got through.
        table.add("bc_err", Type.SINT, Origin.SERVER_L4, _ -> new Value.Int(0));
        table.add("bc_err_str", Type.STR, Origin.SERVER_L4, _ -> new Value.Str("Success"));
        for (final String name : new String[]{"fc_rtt", "fc_rttvar"}) {
            table.add(name, FetchTable.OPTIONAL_STRING, Type.SINT, Origin.CLIENT_L4, (args, place) -> time(args, name));
        }
        for (final String name : new String[]{"fc_unacked", "fc_sacked", "fc_retrans", "fc_fackets", "fc_lost",
            "fc_reordering"}) {
            table.add(name, FetchTable.OPTIONAL_STRING, Type.SINT, Origin.CLIENT_L4, (args, place) -> {
                if (args.has(0)) {
                    throw new ConfigException("no argument supported for '" + name + "' sample expression keyword.");
                }
                return evaluation -> {
                    final Long value = evaluation.context().tcpInfo(name.substring(3));
                    return value == null ? null : new Value.Int(value);
                };
            });
        }
    }

    private static void addresses(final FetchTable table, final String prefix, final Type type, final Origin origin,
            final Function<SampleContext, InetSocketAddress> source,
            final Function<SampleContext, InetSocketAddress> destination) {
        address(table, prefix + "src", type, origin, source);
        address(table, prefix + "dst", type, origin, destination);
    }

    private static void address(final FetchTable table, final String name, final Type type, final Origin origin,
            final Function<SampleContext, InetSocketAddress> of) {
        table.add(name, type, origin, evaluation -> {
            final InetSocketAddress address = of.apply(evaluation.context());
            return address == null || address.getAddress() == null ? null : new Value.Ip(address.getAddress());
        });
        table.add(name + "_port", Type.SINT, origin, evaluation -> {
            final InetSocketAddress address = of.apply(evaluation.context());
            return address == null ? null : new Value.Int(address.getPort());
        });
    }

    private static void local(final FetchTable table, final String name,
            final Function<SampleContext, InetSocketAddress> of) {
        table.add(name, Type.BOOL, Origin.CLIENT_L4, evaluation -> {
            final InetSocketAddress address = of.apply(evaluation.context());
            return address == null || address.getAddress() == null ? null : Casts.bool(isOurs(address.getAddress()));
        });
    }

    private static boolean isOurs(final InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static Fetch.Sampler time(final Args args, final String name) throws ConfigException {
        final String unit = args.has(0) ? args.text(0) : "ms";
        if (!unit.equals("ms") && !unit.equals("us")) {
            throw new ConfigException("expects 'us' or 'ms', got '" + unit + "'");
        }
        return evaluation -> {
            final Long us = evaluation.context().tcpInfo(name.substring(3));
            return us == null ? null : new Value.Int(unit.equals("us") ? us : us / 1000);
        };
    }

}
