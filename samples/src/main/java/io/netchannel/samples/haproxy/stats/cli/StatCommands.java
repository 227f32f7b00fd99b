package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Frontend;
import io.netchannel.samples.haproxy.stats.JsonSchema;
import io.netchannel.samples.haproxy.stats.ProcessInfo;
import io.netchannel.samples.haproxy.stats.StatFilter;
import io.netchannel.samples.haproxy.stats.StatFormats;
import io.netchannel.samples.haproxy.stats.StatRow;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Commands that show counters. */
final class StatCommands {

    private static final BindOptions.Level OPERATOR = BindOptions.Level.OPERATOR;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss.SSS", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private StatCommands() {
    }

    static void register(final Commands commands) {
        commands.add("show info", "[desc|json|typed|float]* : what the process is and does",
                StatCommands::info)
                .add("show stat", "[desc|json|no-maint|typed|up]*: numbers of proxies and servers",
                        StatCommands::stat)
                .add("show schema json", ": what the JSON of show stat and show info is",
                        call -> call.print(JsonSchema.TEXT))
                .add("show errors", OPERATOR,
                        "[<px>] [request|response] : the last messages that could not be read",
                        StatCommands::errors)
                .add("clear counters", OPERATOR, "[all] : maxima begin anew, or all numbers",
                        StatCommands::clear)
                .add("show activity", OPERATOR, ": what the loop did",
                        StatCommands::activity)
                .add("show threads", ": the loop's thread", StatCommands::threads)
                .add("show pools", ": memory of the process", StatCommands::pools);
    }

    private static void info(final Call call) {
        boolean typed = false;
        boolean json = false;
        boolean described = false;
        for (int i = 2; i < call.size(); i++) {
            typed |= "typed".equals(call.word(i));
            json |= "json".equals(call.word(i));
            described |= "desc".equals(call.word(i));
        }
        final List<ProcessInfo.Field> fields = ProcessInfo.of(call.control().statistics());
        call.print(json
                ? ProcessInfo.json(fields)
                : typed ? ProcessInfo.typed(fields, described) : ProcessInfo.text(fields, described));
    }

    private static void stat(final Call call) {
        int at = 2;
        int proxy = -1;
        int types = -1;
        int id = -1;
        if ("domain".equals(call.word(at))) {
            if (!"proxy".equals(call.word(at + 1))) {
                call.error("Invalid statistics domain.");
                return;
            }
            at += 2;
        }
        if (!call.word(at).isEmpty() && !call.word(at + 1).isEmpty() && !call.word(at + 2).isEmpty()) {
            final Integer named = proxy(call, call.word(at));
            if (named == null) {
                call.error("No such proxy.");
                return;
            }
            proxy = named;
            types = number(call.word(at + 1));
            id = number(call.word(at + 2));
            at += 3;
        }
        boolean typed = false;
        boolean json = false;
        boolean described = false;
        boolean up = false;
        boolean noMaintenance = false;
        for (; at < call.size(); at++) {
            switch (call.word(at)) {
                case "typed" -> typed = true;
                case "json" -> json = true;
                case "desc" -> described = true;
                case "up" -> up = true;
                case "no-maint" -> noMaintenance = true;
                default -> {
                    // As haproxy, which passes over words that it doesn't know.
                }
            }
        }
        final List<StatRow> rows = call.control().statistics().rows(new StatFilter(proxy, types, id, up, noMaintenance,
                _ -> true));
        call.print(json ? StatFormats.json(rows) : typed ? StatFormats.typed(rows, described) : StatFormats.csv(rows));
    }

    /** A proxy's name, or its number. @return null if there is none of that name */
    private static Integer proxy(final Call call, final String text) {
        if (text.matches("-?[0-9]+")) {
            return number(text);
        }
        final Frontend frontend = call.control().proxies().frontend(text);
        final Backend backend = call.control().proxies().backend(text);
        return frontend != null
                ? Integer.valueOf(frontend.id())
                : backend != null ? Integer.valueOf(backend.id()) : null;
    }

    private static int number(final String text) {
        try {
            return Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            return 0;
        }
    }

    private static void errors(final Call call) {
        final Integer id = call.word(2).isEmpty() ? null : proxy(call, call.word(2));
        if (!call.word(2).isEmpty() && (id == null || id == 0)) {
            call.error("No such proxy.");
            return;
        }
        call.print(new InvalidMessages(call.control().proxies(), DATE).text(call.control().statistics().wallMs(),
                id == null || id < 0 ? null : id, !"response".equals(call.word(3)), !"request".equals(call.word(3))));
    }

    private static void clear(final Call call) {
        final boolean all = "all".equals(call.word(2));
        if (all && call.session().level() != BindOptions.Level.ADMIN) {
            call.error("Permission denied");
            return;
        }
        call.control().statistics().clearCounters(all);
    }

    private static void activity(final Call call) {
        final long wallMs = call.control().statistics().wallMs();
        call.print(
                "thread_id: 1 (1..1)\ndate_now: " + wallMs / 1_000 + "." + String.format("%06d", wallMs % 1_000 * 1_000)
                        + "\naccepted: " + call.control().proxies().connectionsTotal() + "\n");
    }

    private static void threads(final Call call) {
        call.print(
                "* Thread 1 : " + Thread.currentThread().getName() + " id=" + Thread.currentThread().threadId() + "\n");
    }

    private static void pools(final Call call) {
        final Runtime runtime = Runtime.getRuntime();
        final long used = runtime.totalMemory() - runtime.freeMemory();
        final StringBuilder text = new StringBuilder("Dumping pools usage.\n  - Pool heap : ").append(runtime
                .totalMemory()).append(" bytes allocated, ").append(used).append(" used\n");
        // Those of the kernel's and of a node's channels; with an allocator that keeps memory, what it keeps is in it.
        if (ByteBufAllocator.DEFAULT instanceof final ByteBufAllocatorMetricProvider buffers) {
            text.append("  - Pool buffers : ").append(buffers.metric().usedDirectMemory()).append(
                    " bytes direct, ").append(buffers.metric().usedHeapMemory()).append(" bytes of the heap\n");
        }
        call.print(text.append("Total: ").append(runtime.totalMemory()).append(" bytes allocated, ").append(used)
                .append(" used.\n").toString());
    }
}
