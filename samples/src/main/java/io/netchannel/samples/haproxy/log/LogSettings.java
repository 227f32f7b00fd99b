package io.netchannel.samples.haproxy.log;

import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.expression.LogFormat;
import java.util.List;

/** What the configuration says about logs. */
public final class LogSettings {

    static final Setting<List<LogServer>> SERVERS = Setting.list("log");
    static final Setting<List<LogServer>> GLOBAL_SERVERS = Setting.list("global log");
    static final Setting<String> TAG = Setting.of("log-tag", null);
    static final Setting<String> GLOBAL_TAG = Setting.of("global log-tag", "haproxy");
    static final Setting<String> SEND_HOSTNAME = Setting.of("log-send-hostname", null);

    /** Where a format was given, and what it says. */
    record FormatText(String text, String origin, Line line) {
    }

    static final Setting<FormatText> FORMAT_TEXT = Setting.of("log-format", null);
    static final Setting<FormatText> ERROR_FORMAT_TEXT = Setting.of("error-log-format", null);
    static final Setting<FormatText> STRUCTURED_TEXT = Setting.of("log-format-sd", null);

    /** Compiled when all files are read; null: connections are logged as they come. */
    static final Setting<LogFormat> FORMAT = Setting.of("log-format compiled", null);
    static final Setting<LogFormat> ERROR_FORMAT = Setting.of("error-log-format compiled", null);
    static final Setting<LogFormat> STRUCTURED = Setting.of("log-format-sd compiled", null);

    public static final Setting<Boolean> DONT_LOG_NULL = Setting.of("option dontlognull", false);
    static final Setting<Boolean> DONT_LOG_NORMAL = Setting.of("option dontlog-normal", false);
    static final Setting<Boolean> SEPARATE_ERRORS = Setting.of("option log-separate-errors", false);
    public static final Setting<Boolean> AS_SOON_AS_POSSIBLE = Setting.of("option logasap", false);

    private LogSettings() {
    }
}
