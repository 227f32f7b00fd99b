package io.netchannel.samples.haproxy.load;

import io.netchannel.perf.netperf.host.Namespaces;
import io.netchannel.perf.startup.OwnProgram;
import io.netchannel.samples.load.ChildProcess;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.Parts;
import io.netchannel.samples.load.PathKind;
import io.netchannel.samples.load.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which proxy, and how client and backend reach it. */
enum PathName implements PathKind {

    /** What the others are compared to. */
    HAPROXY(true, "haproxy in C, a process with nbthread 1, over kernel loopback sockets") {
        @Override
        ProxyPath open(final LoadProfile profile) {
            return overSockets(Place.loopback(), List.of(BackendProcess.HAPROXY, "-db"), profile, new Parts());
        }

        @Override
        String unavailability() {
            final String missing = super.unavailability();
            return missing == null ? Programs.unavailability(BackendProcess.HAPROXY) : missing;
        }
    },

    KERNEL(true, "netchannel haproxy --kernel, a process, over kernel loopback sockets") {
        @Override
        ProxyPath open(final LoadProfile profile) {
            return overSockets(Place.loopback(), own("--kernel"), profile, new Parts());
        }
    },

    TAP(true, "netchannel haproxy on a node on a TAP, a process, to this host's kernel sockets, in a namespace") {
        @Override
        ProxyPath open(final LoadProfile profile) {
            final Parts parts = new Parts();
            final Namespaces namespaces = parts.add(new Namespaces());
            return overSockets(Place.inside(namespaces.make("p"), NodePath.PROXY.toString(), NodePath.PEERS.toString()),
                    own("--tap", "nc0", "--address", NodePath.PROXY + NodePath.PREFIX, "--host-address",
                            NodePath.PEERS + NodePath.PREFIX),
                    profile, parts);
        }

        @Override
        String unavailability() {
            final String missing = Namespaces.unavailability();
            return missing == null ? super.unavailability() : missing;
        }
    },

    WIRE(false, "netchannel haproxy on a node, on a wire to a node with client and backend, all in this process") {
        @Override
        ProxyPath open(final LoadProfile profile) {
            return NodePath.onWire(this, profile);
        }
    },

    SWITCH(false, "netchannel haproxy, client and backend on a node each, on a switch, all in this process") {
        @Override
        ProxyPath open(final LoadProfile profile) {
            return NodePath.onSwitch(this, profile);
        }
    };

    private final boolean overSockets;
    private final String description;

    PathName(final boolean overSockets, final String description) {
        this.overSockets = overSockets;
        this.description = description;
    }

    @Override
    public String description() {
        return description;
    }

    /** Whether the client is wrk, and the backend a process. */
    boolean isOverSockets() {
        return overSockets;
    }

    /** Why there can't be one here; null if there can. */
    String unavailability() {
        return overSockets ? Programs.unavailability(Wrk.PROGRAM) : null;
    }

    /** @throws RuntimeException if it fails, though it is available */
    abstract ProxyPath open(LoadProfile profile);

    private static List<String> own(final String... options) {
        try {
            final List<String> line = new ArrayList<>(OwnProgram.line(ProxyloadCommand.NAME));
            line.add("haproxy");
            line.addAll(List.of(options));
            return line;
        } catch (final IOException e) {
            throw new LoadFailure(e.getMessage(), e);
        }
    }

    /** @param program the proxy's command line without its file */
    ProxyPath overSockets(final Place place, final List<String> program, final LoadProfile profile,
            final Parts parts) {
        try {
            parts.add(BackendProcess.start(place, profile));
            final Path directory = ChildProcess.newDirectory(ProxyloadCommand.NAME);
            final Path configuration = Files.writeString(directory.resolve("haproxy.cfg"), Configurations.proxy(profile,
                    place.proxyHost() + ":" + place.proxyPort(), place.backendHost() + ":" + place.backendPort()));
            final List<String> line = new ArrayList<>(place.line(program));
            line.addAll(List.of("-f", configuration.toString()));
            final ChildProcess proxy = parts.add(ChildProcess.start(directory, line, Map.of()));
            proxy.await(() -> place.call(() -> Probe.isAnswered(place.proxyAddress(), profile)));
            return new ProxyPath(this, parts, new Wrk(place, profile), proxy.cpu());
        } catch (final IOException e) {
            parts.close();
            throw new LoadFailure("no configuration: " + e.getMessage(), e);
        } catch (final RuntimeException e) {
            parts.close();
            throw e;
        }
    }
}
