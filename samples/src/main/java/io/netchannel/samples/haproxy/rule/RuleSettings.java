package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.Setting;
import java.util.Map;

/** What the rule lines of a proxy come to. */
public final class RuleSettings {

    public static final Setting<RuleSet> TCP_CONNECTION = Setting.of("tcp-request connection", RuleSet.EMPTY);
    public static final Setting<RuleSet> TCP_SESSION = Setting.of("tcp-request session", RuleSet.EMPTY);
    public static final Setting<RuleSet> TCP_CONTENT = Setting.of("tcp-request content", RuleSet.EMPTY);
    public static final Setting<RuleSet> TCP_RESPONSE = Setting.of("tcp-response content", RuleSet.EMPTY);
    public static final Setting<RuleSet> HTTP_REQUEST = Setting.of("http-request", RuleSet.EMPTY);
    public static final Setting<RuleSet> HTTP_RESPONSE = Setting.of("http-response", RuleSet.EMPTY);
    public static final Setting<RuleSet> HTTP_AFTER_RESPONSE = Setting.of("http-after-response", RuleSet.EMPTY);
    /** {@code redirect}, after http-request. */
    public static final Setting<RuleSet> REDIRECT = Setting.of("redirect", RuleSet.EMPTY);

    /** {@code tcp-request inspect-delay}, milliseconds; 0: rules don't wait for content. */
    public static final Setting<Long> REQUEST_INSPECT_MS = Setting.of("tcp-request inspect-delay", 0L);
    public static final Setting<Long> RESPONSE_INSPECT_MS = Setting.of("tcp-response inspect-delay", 0L);

    /** Slots of {@code http-request capture … len}: their lengths, in the order of declaration, shared with {@code capture request header}. */
    public static final Setting<CaptureSlots> REQUEST_CAPTURES = Setting.of("request captures", CaptureSlots.NONE);
    public static final Setting<CaptureSlots> RESPONSE_CAPTURES = Setting.of("response captures", CaptureSlots.NONE);

    /** Own answers by status, of {@code errorfile}, {@code errorloc}, {@code http-error}, {@code errorfiles}. */
    public static final Setting<Map<Integer, ReplyTemplate>> ERROR_REPLIES = Setting.of("error replies", Map.of());
    static final Setting<Map<String, HttpErrors>> SECTIONS = Setting.of("http-errors", Map.of());

    private RuleSettings() {
    }

    static Setting<RuleSet> of(final RuleKind kind) {
        return switch (kind) {
            case TCP_CONNECTION -> TCP_CONNECTION;
            case TCP_SESSION -> TCP_SESSION;
            case TCP_CONTENT -> TCP_CONTENT;
            case TCP_RESPONSE -> TCP_RESPONSE;
            case HTTP_REQUEST -> HTTP_REQUEST;
            case HTTP_RESPONSE -> HTTP_RESPONSE;
            case HTTP_AFTER_RESPONSE -> HTTP_AFTER_RESPONSE;
        };
    }
}
