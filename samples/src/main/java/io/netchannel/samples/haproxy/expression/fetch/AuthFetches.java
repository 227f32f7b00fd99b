package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Base64Text;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.ExpressionSettings;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.UserList;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Fetches of credentials (RFC 7617, RFC 6750). */
final class AuthFetches {

    /** @param scheme Basic or Bearer; @param user and password of Basic, else null; @param token of Bearer, else null */
    private record Credentials(String scheme, String user, String password, String token) {
    }

    private static final UserList NOBODY = new UserList();

    private AuthFetches() {
    }

    static void addTo(final FetchTable table) {
        add(table, "http_auth_type", Credentials::scheme);
        add(table, "http_auth_user", Credentials::user);
        add(table, "http_auth_pass", Credentials::password);
        table.add("http_auth_bearer", FetchTable.OPTIONAL_STRING, Type.STR, Origin.REQUEST_HEADERS,
                (args, place) -> bearer(args.has(0) ? args.text(0) : null));
        table.add("http_auth", Signature.of(1, ArgType.USR), Type.BOOL, Origin.REQUEST_HEADERS, (args, place) -> {
            final Supplier<UserList> users = users(place, args.text(0));
            return evaluation -> {
                final Credentials credentials = credentials(evaluation);
                return credentials == null || credentials.user == null
                        ? null
                        : Casts.bool(users.get().accepts(credentials.user, credentials.password));
            };
        });
        table.add("http_auth_group", Signature.of(1, ArgType.USR), Type.STR, Origin.REQUEST_HEADERS, (args, place) -> {
            final Supplier<UserList> users = users(place, args.text(0));
            return evaluation -> {
                final Credentials credentials = credentials(evaluation);
                if (credentials == null || credentials.user == null
                        || !users.get().accepts(credentials.user, credentials.password)) {
                    return null;
                }
                // An ACL compares the user's groups; anybody else is told the user.
                return new Value.Str(evaluation.iterating()
                        ? String.join(",", users.get().groupsOf(credentials.user))
                        : credentials.user);
            };
        });
    }

    private static void add(final FetchTable table, final String name, final Function<Credentials, String> of) {
        table.add(name, Type.STR, Origin.REQUEST_HEADERS, evaluation -> {
            final Credentials credentials = credentials(evaluation);
            return credentials == null ? null : RequestFetches.text(of.apply(credentials));
        });
    }

    /** Sections may come in any order, so the list is looked up when it is used; that it is there was checked before. */
    private static Supplier<UserList> users(final ParsePlace place, final String name) {
        return place.context() == null
                ? UserList::new
                : () -> place.context().configuration().global().get(ExpressionSettings.USER_LISTS).getOrDefault(name,
                        NOBODY);
    }

    private static Fetch.Sampler bearer(final String header) {
        return evaluation -> {
            if (header == null) {
                final Credentials credentials = credentials(evaluation);
                return credentials == null ? null : RequestFetches.text(credentials.token);
            }
            final HttpMessage request = Messages.REQUEST.of(evaluation);
            if (request == null) {
                return null;
            }
            final String value = HeaderFetches.first(request, header);
            if (value == null || !value.regionMatches(true, 0, "Bearer ", 0, 7)) {
                return new Value.Str("");
            }
            return new Value.Str(value.substring(7).stripLeading());
        };
    }

    private static Credentials credentials(final Evaluation evaluation) {
        final HttpMessage request = Messages.REQUEST.of(evaluation);
        if (request == null) {
            return null;
        }
        final String value = HeaderFetches.first(request, evaluation.context().usesProxyFields()
                ? "proxy-authorization"
                : "authorization");
        final int space = value == null ? -1 : value.indexOf(' ');
        if (space <= 0) {
            return null;
        }
        final String scheme = value.substring(0, space);
        int start = space;
        while (start < value.length() && value.charAt(start) == ' ') {
            start++;
        }
        final String data = value.substring(start);
        if (scheme.equalsIgnoreCase("Bearer")) {
            return new Credentials("Bearer", null, null, data);
        }
        final byte[] decoded = scheme.equalsIgnoreCase("Basic") ? Base64Text.decode(data) : null;
        final String pair = decoded == null ? "" : Casts.text(decoded);
        final int colon = pair.indexOf(':');
        return colon < 0 ? null : new Credentials("Basic", pair.substring(0, colon), pair.substring(colon + 1), null);
    }
}
