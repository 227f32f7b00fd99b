package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.script.call.SocketCalls;
import io.netchannel.tcpip.script.call.SystemCalls;
import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import io.netchannel.tcpip.script.code.CodeBlock;
import io.netchannel.tcpip.script.code.CodeException;
import io.netchannel.tcpip.script.syntax.Action;
import io.netchannel.tcpip.script.syntax.EventTime;
import io.netchannel.tcpip.script.syntax.PacketSpec;
import io.netchannel.tcpip.script.syntax.Script;
import io.netchannel.tcpip.script.syntax.ScriptParser;
import io.netchannel.tcpip.script.syntax.ScriptSyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs one script from its first event to its last.
 *
 * <p>Nothing that a script holds makes it throw: what is wrong with a script is its result.
 */
public final class ScriptRun {

    private static final long NO_TIME = -1;

    private final Script script;
    private final ScriptSettings settings;
    private final VirtualHost host;
    private final Settings tcp;
    private final Shell shell;
    private final Sockets sockets;
    private final SocketCalls socketCalls;
    private final CallSteps calls;
    private final PacketSteps packets;
    private final boolean strict;
    private final Map<String, Object> variables = new HashMap<>();
    private final StringBuilder printed = new StringBuilder();
    private long lastEventNs = NO_TIME;
    private int line;

    private ScriptRun(final Script script, final ScriptSettings settings, final VirtualHost host, final Path folder,
            final boolean strict) {
        this.script = script;
        this.settings = settings;
        this.host = host;
        this.tcp = new Settings(host);
        host.tcpConfig(tcp::config);
        this.shell = new Shell(folder, tcp);
        this.sockets = new Sockets(settings);
        this.socketCalls = new SocketCalls(host, tcp::config);
        this.calls = new CallSteps(settings, host, socketCalls, sockets);
        this.packets = new PacketSteps(settings, host, sockets, strict);
        this.strict = strict;
        variables.putAll(Symbols.numbers());
    }

    /**
     * @param file for messages
     * @param folder that relative paths in the script start from; null if there is none
     */
    public static ScriptResult run(final String file, final String source, final Path folder,
            final ScriptOptions options) {
        try {
            final List<Script.Option> head = ScriptParser.options(file, source);
            final Script script = ScriptParser.parse(file, source,
                    ScriptSettings.definitions(head, options.ipVersion()));
            final ScriptSettings settings = new ScriptSettings(head, dialect(source, options), options.ipVersion());
            return run(script, settings, folder, options.strict());
        } catch (final ScriptSyntaxException e) {
            return ScriptStop.failure("syntax", e.column() + ": " + e.problem()).result(file, e.line());
        } catch (final ScriptStop e) {
            return e.result(file, 0);
        }
    }

    private static Dialect dialect(final String source, final ScriptOptions options) {
        if (options.dialect() != null) {
            return options.dialect();
        }
        final boolean freeBsd = source.contains("net.inet.") || source.contains("kern.ipc.");
        return freeBsd ? Dialect.FREEBSD : Dialect.LINUX;
    }

    private static ScriptResult run(final Script script, final ScriptSettings settings, final Path folder,
            final boolean strict) {
        try (VirtualHost host = new VirtualHost(settings)) {
            return new ScriptRun(script, settings, host, folder, strict).result();
        }
    }

    private ScriptResult result() {
        try {
            run();
            return ScriptResult.passed(script.file());
        } catch (final ScriptStop e) {
            return e.result(script.file(), line);
        } catch (final UnsupportedCall e) {
            return ScriptStop.skip(e.getMessage()).result(script.file(), line);
        } catch (final RuntimeException | AssertionError e) {
            // Ours, or the stack's: to be shown, and not to end the other scripts.
            final StackTraceElement[] trace = e.getStackTrace();
            return ScriptStop.failure("internal: " + e.getClass().getSimpleName(),
                    e + (trace.length == 0 ? "" : " at " + trace[0])).result(script.file(), line);
        }
    }

    // -- events

    private void run() {
        refuseTunnels();
        for (final Action.Command command : script.before()) {
            line = command.line();
            shell.run(command.shell());
        }
        for (final Script.Event event : script.events()) {
            line = event.line();
            run(event);
        }
        if (calls.blockedLine() != 0) {
            line = calls.blockedLine();
            calls.await();
        }
        if (strict) {
            host.settle();
            packets.refuseUnexpected("at the end");
        }
        for (final Action.Command command : script.after()) {
            line = command.line();
            shell.run(command.shell());
        }
    }

    /** Before anything runs: what can't be built shall not fail for another reason first. */
    private void refuseTunnels() {
        for (final Script.Event event : script.events()) {
            if (event.action() instanceof Action.Packet(final PacketSpec packet)
                    && !packet.encapsulations().isEmpty()) {
                line = event.line();
                throw ScriptStop.skip(String.join("+", packet.encapsulations()));
            }
        }
    }

    private void run(final Script.Event event) {
        if (event.action() instanceof Action.Packet(final PacketSpec packet)
                && FastOpen.isUsed(packet, host.sysctls())) {
            throw ScriptStop.skip(SystemCalls.FAST_OPEN);
        }
        final EventTime time = absolute(event.time());
        final long toleranceNs = lastEventNs == NO_TIME
                ? settings.toleranceNs
                : Math.max(settings.toleranceNs,
                        (long) (settings.tolerancePercent / 100 * (time.startNs() - lastEventNs)));
        final boolean expected = event.action() instanceof Action.Packet(final PacketSpec packet) && !packet.inbound();
        if (!expected) {
            host.advance(time.startNs(), () -> false);
            if (host.scriptNs() > time.startNs() + toleranceNs) {
                throw ScriptStop.failure("time: event", "it is " + Seconds.format(host.scriptNs())
                        + " already, the event is for " + Seconds.format(time.startNs()));
            }
        }
        switch (event.action()) {
            case Action.Packet(final PacketSpec packet) when packet.inbound() -> packets.inject(packet);
            case Action.Packet(final PacketSpec packet) -> packets.expect(packet, time, toleranceNs);
            case final Action.Call call -> calls.call(call,
                    event.time().kind() == EventTime.Kind.RELATIVE ? time.startNs() - event.time().startNs() : 0,
                    event.line());
            case final Action.Command command -> shell.run(command.shell());
            case final Action.Code code -> code(code.python());
        }
        lastEventNs = time.startNs();
    }

    /** Since the start of the script. */
    private EventTime absolute(final EventTime time) {
        final long baseNs = time.kind() == EventTime.Kind.ABSOLUTE ? 0 : host.scriptNs();
        return new EventTime(time.kind(), baseNs + time.startNs(), baseNs + time.endNs());
    }

    private void code(final String python) {
        calls.collect();
        socketCalls.tcpInfo((int) sockets.descriptor()).forEach(variables::put);
        try {
            CodeBlock.run(python, variables, text -> printed.append(text).append('\n'));
        } catch (final CodeException e) {
            throw e.reason() == CodeException.Reason.FAILED
                    ? ScriptStop.failure("assert", e.getMessage())
                    : ScriptStop.skip(e.getMessage());
        }
    }
}
