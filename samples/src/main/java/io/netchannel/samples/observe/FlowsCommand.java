package io.netchannel.samples.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.node.NodeControlClient;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./netchannel flows}: listeners, flows and UDP sockets of a running node, as ss prints them. */
@Command(name = "flows", mixinStandardHelpOptions = true, description = "Prints the listeners, TCP flows and UDP sockets of a running node.")
public final class FlowsCommand implements Callable<Integer> {

    private static final int FIELDS = 8;

    @Spec
    private CommandSpec spec;

    @Option(names = "--node", required = true, paramLabel = "PATH", description = "Control socket of the node.")
    private Path node;

    @Option(names = {"-i", "--info"}, description = "TCP's own view of each flow: the fields of Linux's tcp_info.")
    private boolean info;

    @Option(names = "--json", description = "As one JSON array, with TCP's own view.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final List<String[]> lines;
        try (NodeControlClient client = new NodeControlClient(node, "sockets")) {
            lines = client.lines();
        }
        final PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(lines));
        } else {
            print(lines, out);
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private void print(final List<String[]> lines, final PrintWriter out) {
        final String format = "%-5s %-10s %6s %6s  %-28s %s%n";
        out.printf(Locale.ROOT, format, "Netid", "State", "Recv-Q", "Send-Q", "Local Address:Port",
                "Peer Address:Port");
        for (final String[] line : lines) {
            out.printf(Locale.ROOT, format, line[0], line[1], line[2], line[3], end(line[4], line[5]),
                    end(line[6], line[7]));
            if (info && line.length > FIELDS) {
                out.println("\t " + String.join(" ", Arrays.copyOfRange(line, FIELDS, line.length)));
            }
        }
    }

    private static String end(final String address, final String port) {
        final String host = address.equals(IpAddress.ANY.toString())
                ? "*"
                : address.contains(":") ? "[" + address + "]" : address;
        return host + ":" + (port.equals("0") ? "*" : port);
    }

    private static String toJson(final List<String[]> lines) throws IOException {
        final ObjectMapper mapper = new ObjectMapper();
        final ArrayNode all = mapper.createArrayNode();
        for (final String[] line : lines) {
            final ObjectNode socket = all.addObject().put("protocol", line[0]).put("state", line[1])
                    .put("receiveQueue", Long.parseLong(line[2])).put("sendQueue", Long.parseLong(line[3]))
                    .put("localAddress", line[4]).put("localPort", Integer.parseInt(line[5]))
                    .put("remoteAddress", line[6]).put("remotePort", Integer.parseInt(line[7]));
            final ObjectNode fields = socket.putObject("info");
            for (int i = FIELDS; i < line.length; i++) {
                final int equals = line[i].indexOf('=');
                fields.put(line[i].substring(0, equals), Long.parseLong(line[i].substring(equals + 1)));
            }
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }
}
