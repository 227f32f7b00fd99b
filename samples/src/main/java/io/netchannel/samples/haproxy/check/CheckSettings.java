package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Setting;
import java.util.List;

/** What a backend's lines say about its health checks. */
final class CheckSettings {

    /** Of an option; null: lines of tcp-check or a mere connection. */
    static final Setting<CheckScript> OPTION = Setting.of("option …-check", null);
    static final Setting<Boolean> TCP_CHECK = Setting.of("option tcp-check", false);
    /** The request of {@code option httpchk}; null: there is none of it. */
    static final Setting<Step.SendRequest> HTTPCHK = Setting.of("option httpchk", null);
    static final Setting<List<Step>> TCP_STEPS = Setting.list("tcp-check");
    static final Setting<List<Step>> HTTP_STEPS = Setting.list("http-check");
    static final Setting<Boolean> DISABLE_ON_404 = Setting.of("http-check disable-on-404", false);
    static final Setting<Boolean> SEND_STATE = Setting.of("http-check send-state", false);
    static final Setting<Boolean> EXTERNAL = Setting.of("option external-check", false);
    static final Setting<String> EXTERNAL_COMMAND = Setting.of("external-check command", null);
    static final Setting<String> EXTERNAL_PATH = Setting.of("external-check path", null);
    /** Of option external-check, when all files are read; null: there is none. */
    static final Setting<ExternalRun.Program> PROGRAM = Setting.of("program of checks", null);
    /** Put together when all files are read. */
    static final Setting<CheckScript> SCRIPT = Setting.of("health check", CheckScript.CONNECT);

    private CheckSettings() {
    }
}
