package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.SystemCalls;
import io.netchannel.tcpip.script.call.Value;
import io.netchannel.tcpip.script.syntax.Action;
import java.util.List;

/** Makes calls, and compares what they return. */
final class CallSteps {

    /** How long after its time a call's end is waited for. */
    private static final long PATIENCE_NS = 2_000_000_000L;

    /** A blocking call under way. */
    private record Blocked(Action.Call call, List<Value> arguments, SystemCalls.Call made, long endNs,
            long toleranceNs, int line) {
    }

    private final ScriptSettings settings;
    private final VirtualHost host;
    private final SystemCalls calls;
    private final Sockets sockets;
    private Blocked blocked;

    CallSteps(final ScriptSettings settings, final VirtualHost host, final SystemCalls calls, final Sockets sockets) {
        this.settings = settings;
        this.host = host;
        this.calls = calls;
        this.sockets = sockets;
        host.afterTurn(() -> calls.poll(host.nowNs()));
    }

    /** The line of the blocking call under way, or 0. */
    int blockedLine() {
        return blocked == null ? 0 : blocked.line;
    }

    /** @param baseNs from which the end of a blocking call counts */
    void call(final Action.Call call, final long baseNs, final int line) {
        await();
        final List<Value> arguments = Values.of(call.arguments());
        final Value expected = Values.of(call.result());
        sockets.before(call.name(), arguments);
        host.stack();
        final SystemCalls.Call made = calls.begin(call.name(), arguments,
                expected instanceof Value.Int(final long number) ? number : 0, host.nowNs());
        host.settle();
        if (call.endNs() != Action.Call.NOT_BLOCKING) {
            final long endNs = baseNs + call.endNs();
            final long toleranceNs = Math.max(settings.toleranceNs,
                    (long) (settings.tolerancePercent / 100 * (endNs - host.scriptNs())));
            blocked = new Blocked(call, arguments, made, endNs, toleranceNs, line);
            return;
        }
        if (!host.advance(host.scriptNs() + PATIENCE_NS, made::isDone)) {
            throw ScriptStop.failure("call: hangs", call.name() + "() doesn't return", result(expected, call.errno()),
                    "no return");
        }
        check(call, arguments, made);
    }

    /** Checks the blocking call under way, if it has returned meanwhile. */
    void collect() {
        if (blocked != null && blocked.made.isDone()) {
            await();
        }
    }

    /** Waits for the blocking call under way, if there is one, and checks it. */
    void await() {
        if (blocked == null) {
            return;
        }
        final Blocked pending = blocked;
        final SystemCalls.Call made = pending.made;
        if (!host.advance(Math.max(host.scriptNs(), pending.endNs + PATIENCE_NS), made::isDone)) {
            throw ScriptStop.failure("call: hangs", pending.call.name() + "() doesn't return",
                    "return at " + Seconds.format(pending.endNs), "no return until "
                            + Seconds.format(host.scriptNs()));
        }
        final long doneNs = made.doneNs() - VirtualHost.START_NS;
        if (Math.abs(doneNs - pending.endNs) > pending.toleranceNs) {
            throw ScriptStop.failure("time: call", pending.call.name() + "() returned at " + Seconds.format(doneNs)
                    + ", expected at " + Seconds.format(pending.endNs));
        }
        check(pending.call, pending.arguments, made);
        blocked = null;
    }

    private void check(final Action.Call call, final List<Value> arguments, final SystemCalls.Call made) {
        sockets.after(call.name(), arguments, made.result());
        if (settings.callsMayFail) {
            return;
        }
        final Value expected = Values.of(call.result());
        final Integer errno = call.errno() == null ? Integer.valueOf(0) : Symbols.error(call.errno());
        if (errno == null) {
            throw ScriptStop.skip("error " + call.errno());
        }
        final boolean right = Values.matches(expected, new Value.Int(made.result()))
                && (call.errno() == null || errno == made.errno());
        if (!right) {
            throw ScriptStop.failure("call: " + call.name(), "the result of " + call.name() + "()",
                    result(expected, call.errno()), result(new Value.Int(made.result()),
                            made.errno() == 0 ? null : Symbols.errorName(made.errno())));
        }
        for (int i = 0; i < Math.min(arguments.size(), made.outputs().size()); i++) {
            final Value output = made.outputs().get(i);
            if (output != null && !Values.matches(arguments.get(i), output)) {
                throw ScriptStop.failure("call: " + call.name(), "what " + call.name() + "() wrote to argument "
                        + (i + 1), Values.text(arguments.get(i)), Values.text(output));
            }
        }
    }

    private static String result(final Value value, final String errno) {
        return Values.text(value) + (errno == null ? "" : " " + errno);
    }
}
