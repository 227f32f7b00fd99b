package io.netchannel.samples.haproxy;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.netty.DataplaneEventLoopGroup;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.proxy.GlobalTraffic;
import io.netchannel.samples.haproxy.stats.cli.Reloads;
import io.netchannel.samples.observe.ObserveOptions;
import io.netchannel.samples.observe.ObservedNodeOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A proxy on a node of its own, at a TAP device. */
public final class NodeRun implements Running {

    private final DataplaneNode node;
    private final DataplaneEventLoopGroup group;
    /** Null: nobody observes it. */
    private final ObserveOptions.Observation observation;
    private final ProxyRun proxy;

    private NodeRun(final DataplaneNode node, final DataplaneEventLoopGroup group,
            final ObserveOptions.Observation observation, final ProxyRun proxy) {
        this.node = node;
        this.group = group;
        this.observation = observation;
        this.proxy = proxy;
    }

    /** As many as {@code maxconn} lets in, each with its server's side. */
    private static int flows(final Configuration configuration) {
        return (int) Math.min(Integer.MAX_VALUE, 2L * configuration.global().get(GlobalTraffic.MAXCONN));
    }

    /** @param words what the command line says about the node */
    static NodeRun start(final CommandLine command, final List<String> words, final Configuration configuration)
            throws IOException {
        final ObservedNodeOptions arguments = new ObservedNodeOptions();
        final CommandLine line = new CommandLine(arguments).setCaseInsensitiveEnumValuesAllowed(true);
        final NodeConfig config;
        try {
            line.parseArgs(words.toArray(String[]::new));
            arguments.observe.check(line);
            config = arguments.options.config(line, "haproxy", arguments.link.tap(), flows(configuration));
            if (config.loops() != 1) {
                throw new ParameterException(line, "loops=" + config.loops() + " > MAX=1: one loop runs all proxies");
            }
        } catch (final ParameterException e) {
            throw new ParameterException(command, e.getMessage(), e);
        }
        final DataplaneNode node = arguments.link.open(line, config);
        try {
            arguments.options.deploy(node);
        } catch (final RuntimeException e) {
            node.close();
            throw e;
        }
        final NodeRun run = start(node, configuration);
        try {
            return new NodeRun(node, run.group, arguments.observe.observe(node), run.proxy);
        } catch (final IOException | RuntimeException e) {
            run.close();
            throw e;
        }
    }

    /**
     * Starts a proxy on a node that is ready.
     *
     * @param node with one loop, not started; closed with what is returned, or if this fails
     */
    public static NodeRun start(final DataplaneNode node, final Configuration configuration) throws IOException {
        try {
            final DataplaneEventLoopGroup group = new DataplaneEventLoopGroup(node);
            try {
                return new NodeRun(node, group, null, ProxyRun.onNode(configuration, new NodeTransport(group.next(),
                        node.config().flowsPerLoop())));
            } catch (final IOException | RuntimeException e) {
                end(group);
                throw e;
            }
        } catch (final IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static void end(final DataplaneEventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Override
    public void softStop() {
        proxy.softStop();
    }

    @Override
    public void reload(final Configuration configuration) throws IOException {
        proxy.reload(configuration);
    }

    @Override
    public Reloads reloads() {
        return proxy.reloads();
    }

    @Override
    public void hardStop() {
        proxy.hardStop();
    }

    @Override
    public void await() throws InterruptedException {
        proxy.await();
    }

    @Override
    public void close() {
        proxy.close();
        if (observation != null) {
            observation.close();
        }
        end(group);
        node.close();
    }
}
