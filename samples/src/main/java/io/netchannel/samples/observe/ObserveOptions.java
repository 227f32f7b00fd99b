package io.netchannel.samples.observe;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeCapture;
import io.netchannel.node.NodeControl;
import io.netchannel.tcpip.capture.CaptureBuffer;
import io.netchannel.tcpip.capture.CaptureFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of a command that runs a node, for looking into it. */
public final class ObserveOptions {

    @Option(names = "--control", paramLabel = "PATH", description = "Socket by which the commands capture, flows and counters look into this node.")
    private Path control;

    @Option(names = "--capture", paramLabel = "FILE", description = "Write the node's packets to a pcapng file.")
    private Path captureFile;

    @Option(names = "--capture-filter", paramLabel = "FILTER", defaultValue = "", description = "Packets to capture, like: tcp and port 7")
    private String filter;

    @Option(names = "--capture-snap", paramLabel = "BYTES", defaultValue = "262144", description = "Bytes of each packet to capture (default: ${DEFAULT-VALUE}).")
    private int snapBytes;

    /** What observes a node; closed before it. */
    public record Observation(NodeControl control, NodeCapture capture) implements AutoCloseable {

        @Override
        public void close() {
            if (control != null) {
                control.close();
            }
            if (capture != null) {
                capture.close();
            }
        }
    }

    /** Refuses what is wrong before a node is made. */
    public void check(final CommandLine commandLine) {
        try {
            CaptureFilter.parse(filter);
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine, e.getMessage(), e);
        }
        if (snapBytes < 1 || snapBytes > CaptureBuffer.MAX_SNAP_BYTES) {
            throw new CommandLine.ParameterException(commandLine, "--capture-snap " + snapBytes + " is not within 1.."
                    + CaptureBuffer.MAX_SNAP_BYTES);
        }
    }

    /** @param node that has started */
    public Observation observe(final DataplaneNode node) throws IOException {
        final NodeCapture capture = captureFile == null
                ? null
                : node.capture(CaptureFilter.parse(filter), snapBytes, Files.newOutputStream(captureFile),
                        () -> System.err.println("capture: can't write " + captureFile + "; it ends here"));
        try {
            return new Observation(control == null ? null : NodeControl.open(node, control), capture);
        } catch (final IOException | RuntimeException e) {
            new Observation(null, capture).close();
            throw e;
        }
    }
}
