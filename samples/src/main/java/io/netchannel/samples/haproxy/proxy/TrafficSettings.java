package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a proxy's section says about connections and messages on their way. */
public final class TrafficSettings {

    /** Whether connections stay open between requests. */
    public enum ConnectionMode {
        KEEP_ALIVE, SERVER_CLOSE, CLOSE
    }

    /** {@code http-reuse}: which requests may go over a connection that others used. */
    public enum Reuse {
        NEVER, SAFE, AGGRESSIVE, ALWAYS
    }

    /** {@code retry-on}: what is tried again at another connection. Statuses stand in {@link #RETRY_STATUSES}. */
    public enum RetryOn {
        CONNECTION_FAILURE, EMPTY_RESPONSE, JUNK_RESPONSE, RESPONSE_TIMEOUT, EARLY_DATA_REJECTED
    }

    /**
     * {@code option forwardfor} and {@code option originalto}.
     *
     * @param field name of the field
     * @param except addresses that get none; null: all get it
     * @param ifNone only where the field isn't there yet
     */
    public record AddressField(String field, Predicate<java.net.InetAddress> except, boolean ifNone) {
    }

    /** Of the backend or server that a rule goes to; the format of a dynamic one is evaluated. */
    public interface TargetName extends Function<SampleContext, String> {

        /** Null if it depends on the request. */
        String constant();
    }

    /**
     * {@code use_backend NAME if …}.
     *
     * @param condition null: always
     */
    public record BackendRule(TargetName name, Predicate<SampleContext> condition) {
    }

    /** {@code use-server NAME if …}; condition null: always. */
    public record ServerRule(TargetName name, Predicate<SampleContext> condition) {
    }

    public static final Setting<Integer> ID = Setting.of("id", 0);
    /** Nobody gave {@link #ID}: it was counted. */
    public static final Setting<Boolean> COUNTED_ID = Setting.of("counted id", false);
    public static final Setting<Boolean> DISABLED = Setting.of("disabled", false);
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", 0);
    /** 0: a tenth of what the frontends that may use the backend take. */
    public static final Setting<Integer> FULLCONN = Setting.of("fullconn", 0);
    public static final Setting<Integer> BACKLOG = Setting.of("backlog", 0);
    public static final Setting<Integer> RETRIES = Setting.of("retries", 3);
    /** 0: none; n: each n-th retry; -n: the n-th from the last. */
    public static final Setting<Integer> REDISPATCH = Setting.of("option redispatch", 0);
    public static final Setting<Set<RetryOn>> RETRY_ON = Setting.of("retry-on", Set.of(RetryOn.CONNECTION_FAILURE));
    public static final Setting<Set<Integer>> RETRY_STATUSES = Setting.of("retry-on status", Set.of());
    public static final Setting<ConnectionMode> CONNECTION_MODE = Setting.of("option http-keep-alive",
            ConnectionMode.KEEP_ALIVE);
    public static final Setting<Boolean> PRETEND_KEEP_ALIVE = Setting.of("option http-pretend-keepalive", false);
    public static final Setting<Boolean> PREFER_LAST_SERVER = Setting.of("option prefer-last-server", false);
    public static final Setting<Reuse> REUSE = Setting.of("http-reuse", Reuse.SAFE);
    public static final Setting<AddressField> FORWARD_FOR = Setting.of("option forwardfor", null);
    public static final Setting<AddressField> ORIGINAL_TO = Setting.of("option originalto", null);
    public static final Setting<Boolean> ABORT_ON_CLOSE = Setting.of("option abortonclose", false);
    public static final Setting<Boolean> BUFFER_REQUEST = Setting.of("option http-buffer-request", false);
    public static final Setting<Boolean> ACCEPT_INVALID_REQUEST = Setting.of("option accept-invalid-http-request",
            false);
    public static final Setting<Boolean> ACCEPT_INVALID_RESPONSE = Setting.of("option accept-invalid-http-response",
            false);
    public static final Setting<Boolean> IGNORE_PROBES = Setting.of("option http-ignore-probes", false);
    public static final Setting<Boolean> PERSIST = Setting.of("option persist", false);
    public static final Setting<Boolean> CHECK_CACHE = Setting.of("option checkcache", false);
    public static final Setting<Boolean> NO_LINGER = Setting.of("option nolinger", false);
    public static final Setting<Boolean> CLIENT_KEEP_ALIVE_PROBES = Setting.of("option clitcpka", false);
    public static final Setting<Boolean> SERVER_KEEP_ALIVE_PROBES = Setting.of("option srvtcpka", false);
    public static final Setting<Boolean> TRANSPARENT = Setting.of("option transparent", false);
    /** {@code preserve}, {@code delete} or {@code reject} of option http-restrict-req-hdr-names; null: the mode's own. */
    public static final Setting<String> RESTRICT_NAMES = Setting.of("option http-restrict-req-hdr-names", null);
    public static final Setting<Address> DISPATCH = Setting.of("dispatch", null);
    /** {@code source}: where connections to servers come from. */
    public static final Setting<Address> SOURCE = Setting.of("source", null);
    public static final Setting<CookieSettings> COOKIE = Setting.of("cookie", null);
    public static final Setting<String> DYNAMIC_COOKIE_KEY = Setting.of("dynamic-cookie-key", null);
    public static final Setting<String> MONITOR_URI = Setting.of("monitor-uri", null);
    public static final Setting<List<Predicate<SampleContext>>> MONITOR_FAIL = Setting.list("monitor fail");
    public static final Setting<String> DEFAULT_BACKEND = Setting.of("default_backend", null);
    public static final Setting<List<BackendRule>> BACKEND_RULES = Setting.list("use_backend");
    public static final Setting<List<ServerRule>> SERVER_RULES = Setting.list("use-server");
    public static final Setting<List<Predicate<SampleContext>>> FORCE_PERSIST = Setting.list("force-persist");
    public static final Setting<List<Predicate<SampleContext>>> IGNORE_PERSIST = Setting.list("ignore-persist");
    /** {@code http-send-name-header} */
    public static final Setting<String> SEND_NAME_FIELD = Setting.of("http-send-name-header", null);
    /** {@code balance hash EXPRESSION} */
    public static final Setting<Function<SampleContext, Value>> BALANCE_EXPRESSION = Setting.of("balance hash", null);
    /** {@code unique-id-format} */
    public static final Setting<Function<SampleContext, String>> UNIQUE_ID = Setting.of("unique-id-format", null);
    public static final Setting<String> UNIQUE_ID_FIELD = Setting.of("unique-id-header", null);
    public static final Setting<Integer> RATE_LIMIT = Setting.of("rate-limit sessions", 0);

    private TrafficSettings() {
    }
}
