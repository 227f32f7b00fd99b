package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.CompressionSettings;
import io.netchannel.samples.haproxy.config.FilterKeywords;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.config.StatsSettings;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.Compression;
import io.netchannel.samples.haproxy.log.LogSettings;
import io.netchannel.samples.haproxy.rule.CaptureKeywords;
import io.netchannel.samples.haproxy.rule.CaptureSlots;
import io.netchannel.samples.haproxy.rule.RuleSet;
import io.netchannel.samples.haproxy.rule.RuleSettings;
import io.netchannel.samples.haproxy.stick.StickRule;
import io.netchannel.samples.haproxy.stick.StickSettings;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a proxy's section says, looked up once: the settings that each request asks for. */
public final class ProxyOptions {

    private final ProxySection section;
    final boolean http;
    final long clientMs;
    final long serverMs;
    final long connectMs;
    final long queueMs;
    final long requestMs;
    final long keepAliveMs;
    final long tunnelMs;
    final long clientFinMs;
    final long serverFinMs;
    final long tarpitMs;
    final int retries;
    final int redispatch;
    final Set<TrafficSettings.RetryOn> retryOn;
    final Set<Integer> retryStatuses;
    final TrafficSettings.ConnectionMode connectionMode;
    final TrafficSettings.Reuse reuse;
    final boolean pretendKeepAlive;
    final boolean preferLastServer;
    final int maxKeepAliveQueue;
    final boolean checkCache;
    final boolean independentStreams;
    final boolean continuousStats;
    final TrafficSettings.AddressField forwardFor;
    final TrafficSettings.AddressField originalTo;
    final String restrictNames;
    final List<Compression> compression;
    final List<String> compressionTypes;
    final boolean compressionOffload;
    final boolean randomForwarding;
    final boolean abortOnClose;
    final boolean bufferRequest;
    final boolean useProxyField;
    final boolean acceptInvalidRequest;
    final boolean acceptInvalidResponse;
    final boolean adjustClientCase;
    final boolean adjustServerCase;
    final boolean ignoreProbes;
    final boolean dontLogNull;
    final boolean logAsSoonAsPossible;
    final CaptureKeywords.Cookie captureCookie;
    final boolean persist;
    final String sendNameField;
    final RuleSet tcpConnection;
    final RuleSet tcpSession;
    final RuleSet tcpContent;
    final RuleSet tcpResponse;
    final RuleSet httpRequest;
    final RuleSet redirects;
    final RuleSet httpResponse;
    final RuleSet httpAfterResponse;
    final long requestInspectMs;
    final long responseInspectMs;
    final CaptureSlots requestCaptures;
    final CaptureSlots responseCaptures;
    final Function<SampleContext, String> uniqueId;
    final String uniqueIdField;
    final List<TrafficSettings.ServerRule> serverRules;
    final List<Predicate<SampleContext>> forcePersist;
    final List<Predicate<SampleContext>> ignorePersist;
    final List<StickRule> stickRequest;
    final List<StickRule> stickResponse;
    final List<TrafficSettings.BackendRule> backendRules;
    final boolean hasPage;

    ProxyOptions(final ProxySection section) {
        this.section = section;
        http = section.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP;
        clientMs = section.get(TimeoutSettings.CLIENT);
        serverMs = section.get(TimeoutSettings.SERVER);
        connectMs = section.get(TimeoutSettings.CONNECT);
        queueMs = orElse(section.get(TimeoutSettings.QUEUE), connectMs);
        requestMs = orElse(section.get(TimeoutSettings.HTTP_REQUEST), clientMs);
        keepAliveMs = orElse(section.get(TimeoutSettings.HTTP_KEEP_ALIVE), requestMs);
        tunnelMs = section.get(TimeoutSettings.TUNNEL);
        clientFinMs = section.get(TimeoutSettings.CLIENT_FIN);
        serverFinMs = section.get(TimeoutSettings.SERVER_FIN);
        tarpitMs = orElse(section.get(TimeoutSettings.TARPIT), connectMs);
        retries = section.get(TrafficSettings.RETRIES);
        redispatch = section.get(TrafficSettings.REDISPATCH);
        retryOn = section.get(TrafficSettings.RETRY_ON);
        retryStatuses = section.get(TrafficSettings.RETRY_STATUSES);
        connectionMode = section.get(TrafficSettings.CONNECTION_MODE);
        reuse = section.get(TrafficSettings.REUSE);
        pretendKeepAlive = section.get(TrafficSettings.PRETEND_KEEP_ALIVE);
        preferLastServer = section.get(TrafficSettings.PREFER_LAST_SERVER);
        maxKeepAliveQueue = section.get(ProxySettings.MAX_KEEP_ALIVE_QUEUE);
        checkCache = section.get(TrafficSettings.CHECK_CACHE);
        independentStreams = section.get(ProxySettings.INDEPENDENT_STREAMS);
        continuousStats = section.get(ProxySettings.CONTINUOUS_STATS);
        forwardFor = section.get(TrafficSettings.FORWARD_FOR);
        originalTo = section.get(TrafficSettings.ORIGINAL_TO);
        restrictNames = section.get(TrafficSettings.RESTRICT_NAMES);
        compression = Compression.ofAlgorithms(section.get(CompressionSettings.ALGORITHMS));
        compressionTypes = section.get(CompressionSettings.TYPES);
        compressionOffload = section.get(CompressionSettings.OFFLOAD);
        randomForwarding = section.get(FilterKeywords.RANDOM_FORWARDING);
        abortOnClose = section.get(TrafficSettings.ABORT_ON_CLOSE);
        bufferRequest = section.get(TrafficSettings.BUFFER_REQUEST);
        useProxyField = section.get(ProxySettings.USE_PROXY_FIELD);
        acceptInvalidRequest = section.get(TrafficSettings.ACCEPT_INVALID_REQUEST);
        acceptInvalidResponse = section.get(TrafficSettings.ACCEPT_INVALID_RESPONSE);
        dontLogNull = section.get(LogSettings.DONT_LOG_NULL);
        logAsSoonAsPossible = section.get(LogSettings.AS_SOON_AS_POSSIBLE);
        captureCookie = section.get(CaptureKeywords.COOKIE);
        adjustClientCase = section.get(ProxySettings.ADJUST_CLIENT_CASE);
        adjustServerCase = section.get(ProxySettings.ADJUST_SERVER_CASE);
        ignoreProbes = section.get(TrafficSettings.IGNORE_PROBES);
        persist = section.get(TrafficSettings.PERSIST);
        sendNameField = section.get(TrafficSettings.SEND_NAME_FIELD);
        tcpConnection = section.get(RuleSettings.TCP_CONNECTION);
        tcpSession = section.get(RuleSettings.TCP_SESSION);
        tcpContent = section.get(RuleSettings.TCP_CONTENT);
        tcpResponse = section.get(RuleSettings.TCP_RESPONSE);
        httpRequest = section.get(RuleSettings.HTTP_REQUEST);
        redirects = section.get(RuleSettings.REDIRECT);
        httpResponse = section.get(RuleSettings.HTTP_RESPONSE);
        httpAfterResponse = section.get(RuleSettings.HTTP_AFTER_RESPONSE);
        requestInspectMs = section.get(RuleSettings.REQUEST_INSPECT_MS);
        responseInspectMs = section.get(RuleSettings.RESPONSE_INSPECT_MS);
        requestCaptures = section.get(RuleSettings.REQUEST_CAPTURES);
        responseCaptures = section.get(RuleSettings.RESPONSE_CAPTURES);
        uniqueId = section.get(TrafficSettings.UNIQUE_ID);
        uniqueIdField = section.get(TrafficSettings.UNIQUE_ID_FIELD);
        serverRules = section.get(TrafficSettings.SERVER_RULES);
        forcePersist = section.get(TrafficSettings.FORCE_PERSIST);
        ignorePersist = section.get(TrafficSettings.IGNORE_PERSIST);
        stickRequest = section.get(StickSettings.REQUEST_RULES);
        stickResponse = section.get(StickSettings.RESPONSE_RULES);
        backendRules = section.get(TrafficSettings.BACKEND_RULES);
        hasPage = section.get(StatsSettings.ENABLED);
    }

    private static long orElse(final long given, final long otherwise) {
        return given > 0 ? given : otherwise;
    }

    public ProxySection section() {
        return section;
    }

    /** {@code mode http}. */
    public boolean isHttp() {
        return http;
    }

    /** Whether what a server did may be a reason to send a request again. */
    boolean retriesAnswers() {
        return !retryOn.isEmpty() || !retryStatuses.isEmpty();
    }
}
