package io.netchannel.samples.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.node.NodeControlClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./netchannel counters}: what a running node counts, as nstat prints it. */
@Command(name = "counters", mixinStandardHelpOptions = true, description = "Prints what a running node counts, under Linux's SNMP names where it has one.")
public final class CountersCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--node", required = true, paramLabel = "PATH", description = "Control socket of the node.")
    private Path node;

    @Option(names = {"-z", "--zeros"}, description = "Also what is 0.")
    private boolean zeros;

    @ArgGroup
    private Format format = new Format();

    /** One of them at most. */
    private static final class Format {

        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Option(names = "--snmp", description = "Two lines for each group, names and values, as in /proc/net/snmp; with what is 0.")
        private boolean snmp;
    }

    @Override
    public Integer call() throws IOException {
        final List<String[]> lines;
        try (NodeControlClient client = new NodeControlClient(node, "counters")) {
            lines = client.lines().stream().filter(line -> zeros || format.snmp || !line[1].equals("0")).toList();
        }
        final PrintWriter out = spec.commandLine().getOut();
        if (format.snmp) {
            printGroups(lines, out);
        } else if (format.json) {
            final ObjectMapper mapper = new ObjectMapper();
            final ObjectNode object = mapper.createObjectNode();
            lines.forEach(line -> object.put(line[0], Long.parseLong(line[1])));
            out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(object));
        } else {
            lines.forEach(line -> out.printf(Locale.ROOT, "%-40s %s%n", line[0], line[1]));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static void printGroups(final List<String[]> lines, final PrintWriter out) {
        final Map<String, StringBuilder> names = new LinkedHashMap<>();
        final Map<String, StringBuilder> values = new LinkedHashMap<>();
        for (final String[] line : lines) {
            final int dot = line[0].indexOf('.');
            final String group = line[0].substring(0, dot);
            names.computeIfAbsent(group, _ -> new StringBuilder()).append(' ').append(line[0], dot + 1,
                    line[0].length());
            values.computeIfAbsent(group, _ -> new StringBuilder()).append(' ').append(line[1]);
        }
        names.forEach((group, text) -> {
            out.println(group + ":" + text);
            out.println(group + ":" + values.get(group));
        });
    }
}
