package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.proxy.KernelTransport;
import io.netchannel.samples.haproxy.proxy.Transport;
import io.netchannel.samples.haproxy.stats.cli.Reloads;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Proxies on a transport from the start to the end, through all reloads, with the loop of the kernel's sockets for what isn't of
 * the node.
 */
final class ProxyRun implements Running {

    private static final long POLL_MS = 20;
    private static final String LEAK_LEVEL = "io.netty.leakDetection.level";

    private final EventLoopGroup kernel;
    private final Transport transport;
    private final Reloads reloads;
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Whose sessions have not all ended yet; the loop's. */
    private final List<Generation> draining = new ArrayList<>();
    /** Under this object's lock, as signals come on threads of their own. */
    private Generation current;
    private volatile boolean stopping;

    private ProxyRun(final EventLoopGroup kernel, final Transport transport, final Reloads reloads,
            final Generation first) {
        this.kernel = kernel;
        this.transport = transport;
        this.reloads = reloads;
        this.current = first;
    }

    /** On the kernel's sockets. */
    static ProxyRun onKernel(final Configuration configuration) throws IOException {
        final EventLoopGroup group = kernelGroup();
        return start(configuration, group, new KernelTransport(group.next()));
    }

    /** @param transport of a node; logs go over the kernel's sockets all the same */
    static ProxyRun onNode(final Configuration configuration, final Transport transport) throws IOException {
        return start(configuration, kernelGroup(), transport);
    }

    private static EventLoopGroup kernelGroup() {
        return new MultiThreadIoEventLoopGroup(1, Epoll.isAvailable()
                ? EpollIoHandler.newFactory()
                : NioIoHandler.newFactory());
    }

    private static ProxyRun start(final Configuration configuration, final EventLoopGroup kernel,
            final Transport transport) throws IOException {
        if (System.getProperty(LEAK_LEVEL) == null) {
            // Netty wraps some buffers to see whether they leak, so each access to any of them has two classes to choose from.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        final Reloads reloads = new Reloads();
        try {
            return new ProxyRun(kernel, transport, reloads, Generation.start(configuration, kernel, transport, null,
                    reloads));
        } catch (final IOException | RuntimeException e) {
            end(kernel);
            throw e;
        }
    }

    private static void end(final EventLoopGroup group) {
        group.shutdownGracefully(0, POLL_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    @Override
    public synchronized void reload(final Configuration configuration) throws IOException {
        if (stopping) {
            return;
        }
        final Generation before = current;
        current = Generation.start(configuration, kernel, transport, before, reloads);
        before.retire();
        transport.loop().execute(() -> drain(before));
        final long limitMs = hardStopAfterMs(before);
        if (limitMs > 0) {
            transport.loop().schedule(() -> before.server().hardStop(), limitMs, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Reloads reloads() {
        return reloads;
    }

    private static long hardStopAfterMs(final Generation of) {
        return of.server().configuration().global().get(GlobalOptions.HARD_STOP_AFTER_MS);
    }

    @Override
    public synchronized void softStop() {
        stopping = true;
        final Generation last = current;
        final long graceMs = last.server().configuration().global().get(GlobalOptions.GRACE_MS);
        if (graceMs > 0) {
            last.server().logs().send(null, Syslog.WARNING, "Scheduling a soft-stop in " + graceMs + " ms.\n");
            transport.loop().schedule(() -> {
                last.server().logs().send(null, Syslog.NOTICE,
                        "Grace period expired, proceeding with soft-stop now.\n");
                drain(last);
            }, graceMs, TimeUnit.MILLISECONDS);
        } else {
            transport.loop().execute(() -> drain(last));
        }
        final long limitMs = hardStopAfterMs(last);
        if (limitMs > 0) {
            transport.loop().schedule(this::hardStop, limitMs, TimeUnit.MILLISECONDS);
        }
    }

    /** In the loop. */
    private void drain(final Generation of) {
        if (!draining.contains(of)) {
            of.server().softStop();
            draining.add(of);
            awaitSessions(of);
        }
    }

    /** In the loop: it is over when its last connection has ended, and all is when it was the last to stop. */
    private void awaitSessions(final Generation of) {
        if (of.server().connections() > 0) {
            transport.loop().schedule(() -> awaitSessions(of), POLL_MS, TimeUnit.MILLISECONDS);
            return;
        }
        of.drained();
        draining.remove(of);
        if (stopping && draining.isEmpty()) {
            ended.countDown();
        }
    }

    @Override
    public void hardStop() {
        stopping = true;
        ended.countDown();
    }

    @Override
    public void await() throws InterruptedException {
        ended.await();
    }

    @Override
    public synchronized void close() {
        stopping = true;
        ended.countDown();
        final Generation last = current;
        last.retire();
        transport.loop().submit(() -> {
            last.server().softStop();
            last.drained();
            draining.forEach(Generation::drained);
        }).awaitUninterruptibly();
        last.awaitLogs();
        end(kernel);
    }
}
