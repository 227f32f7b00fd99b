package io.netchannel.samples.observe;

import io.netchannel.node.NodeControlClient;
import io.netchannel.samples.Shutdown;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./netchannel capture}: packets of a running node, as pcapng. */
@Command(name = "capture", mixinStandardHelpOptions = true, description = "Captures packets of a running node, until Ctrl-C or its end.", footer = {
    "", "Example, with a node started by: netchannel echo --control /tmp/nc0.sock …",
    "  netchannel capture --node /tmp/nc0.sock -w echo.pcapng tcp and port 7",
    "  netchannel capture --node /tmp/nc0.sock -w - | wireshark -k -i -", "",
    "Filter: terms joined by \"and\": arp, ip, ip6, tcp, udp, icmp, icmp6, [src|dst] host ADDRESS,",
    "[src|dst] net PREFIX, [src|dst] port NUMBER; \"not\" before a term.",
    "Packets are as the stack sees them: super-frames as one, checksums that the device fills in still missing."})
public final class CaptureCommand implements Callable<Integer> {

    private static final int COPY_BYTES = 1 << 16;

    @Option(names = "--node", required = true, paramLabel = "PATH", description = "Control socket of the node.")
    private Path node;

    @Option(names = {"-w",
        "--write"}, required = true, paramLabel = "FILE", description = "File to write; - for the standard output.")
    private String file;

    @Option(names = {"-s",
        "--snap"}, paramLabel = "BYTES", defaultValue = "262144", description = "Bytes of each packet (default: ${DEFAULT-VALUE}).")
    private int snapBytes;

    @Parameters(paramLabel = "FILTER", description = "Packets to capture (default: all).")
    private String[] filter = {};

    @Override
    public Integer call() throws IOException {
        try (NodeControlClient client = new NodeControlClient(node, "capture", Integer.toString(snapBytes),
                String.join(" ", filter));
                OutputStream out = file.equals("-") ? System.out : Files.newOutputStream(Path.of(file));
                Shutdown _ = Shutdown.onSignal(() -> finish(client))) {
            copy(client.answer(), out);
        }
        return CommandLine.ExitCode.OK;
    }

    private static void copy(final InputStream in, final OutputStream out) throws IOException {
        final byte[] bytes = new byte[COPY_BYTES];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            out.write(bytes, 0, count);
            out.flush();
        }
    }

    private static void finish(final NodeControlClient client) {
        try {
            client.finish();
        } catch (final IOException e) {
            // The node has gone, and so the capture ends.
        }
    }
}
