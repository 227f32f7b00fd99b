package io.netchannel.samples.http;

import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.netty.DataplaneEventLoopGroup;
import io.netchannel.node.netty.DataplaneServerSocketChannel;
import io.netchannel.samples.Shutdown;
import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TapOptions;
import io.netchannel.samples.observe.ObserveOptions;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.ImmediateExecutor;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./netchannel http}: an HTTP server on a TAP, or on the kernel's sockets, until it is interrupted. */
@Command(name = "http", mixinStandardHelpOptions = true, sortOptions = false, description = "Serves HTTP/1.1 and HTTP/2 with Netty, on a TAP device or on the kernel's sockets.", footer = {
    "", "Without --root: a short text at /, and /echo for POST. Examples, the first as root:",
    "  netchannel http --tap nc0 --address 10.7.0.2/24 --host-address 10.7.0.1/24 --root .",
    "  curl --http2-prior-knowledge http://10.7.0.2:8080/README.md",
    "  netchannel http --kernel -p 8080"})
public final class HttpCommand implements Callable<Integer> {

    private static final String LOOPS = "--loops";
    private static final int MAX_PORT = 65_535;
    private static final int MIB_SHIFT = 20;
    private static final int MAX_RAMFS_MIB = 8_192;

    /** Held, or its level would be collected with it. */
    private static final Logger NETTY_LOG = Logger.getLogger("io.netty");

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Where where;

    @Option(names = {"-p",
        "--port"}, paramLabel = "PORT", defaultValue = "8080", description = "Port to listen at (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--root", paramLabel = "DIR", description = "Serve the files of this directory.")
    private Path root;

    @Option(names = "--ramfs", paramLabel = "MIB", description = "Load the directory into memory at start, so many MiB at most; a node sends its files from there without a copy.")
    private Integer ramfsMib;

    @Option(names = "--list", description = "Answer for a directory without index.html by its names.")
    private boolean list;

    @Option(names = "--tls", arity = "2", paramLabel = "FILE", description = "Certificate chain and PKCS #8 key, both PEM: serve by TLS, HTTP/2 by ALPN.")
    private List<File> tls = List.of();

    @Option(names = "--max-line", paramLabel = "BYTES", defaultValue = "8192", description = "Request line; beyond, 414 (default: ${DEFAULT-VALUE}).")
    private int maxLineBytes;

    @Option(names = "--max-header", paramLabel = "BYTES", defaultValue = "16384", description = "Headers of a request; beyond, 431 (default: ${DEFAULT-VALUE}).")
    private int maxHeaderBytes;

    @Option(names = "--max-body", paramLabel = "BYTES", defaultValue = "1048576", description = "Body of a request; beyond, 413 (default: ${DEFAULT-VALUE}).")
    private int maxBodyBytes;

    @Option(names = "--idle", paramLabel = "SECONDS", defaultValue = "60", description = "Close a connection that is silent for so long (default: ${DEFAULT-VALUE}).")
    private int idleSeconds;

    @Mixin
    private NodeOptions options;

    @Mixin
    private ObserveOptions observe;

    private final CountDownLatch ended = new CountDownLatch(1);

    /** One of the two. */
    static final class Where {

        @Option(names = "--kernel", required = true, description = "Serve on the kernel's sockets, with Netty's NIO transport and --loops threads.")
        private boolean kernel;

        @ArgGroup(exclusive = false)
        private TapOptions link;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < (where.kernel ? 0 : 1) || port > MAX_PORT) {
            throw bad("port=" + port + (port > MAX_PORT ? " > MAX=" + MAX_PORT : " < MIN=" + (where.kernel ? 0 : 1)),
                    null);
        }
        final Limits limits;
        try {
            limits = new Limits(maxLineBytes, maxHeaderBytes, maxBodyBytes, idleSeconds);
        } catch (final IllegalArgumentException e) {
            throw bad(e.getMessage(), e);
        }
        // Its warnings, of a host without a hardware address or of a client's nonsense, are no errors of the command.
        NETTY_LOG.setLevel(Level.SEVERE);
        if (root == null && (list || ramfsMib != null)) {
            throw bad((list ? "--list" : "--ramfs") + " is about a directory: add --root DIR", null);
        }
        if (ramfsMib != null && (ramfsMib < 1 || ramfsMib > MAX_RAMFS_MIB)) {
            throw bad("--ramfs " + ramfsMib + " is not within 1.." + MAX_RAMFS_MIB, null);
        }
        final SslContext context = tls.isEmpty() ? null : tlsContext();
        if (where.kernel) {
            serveKernel(limits, context);
        } else {
            serveTap(limits, context);
        }
        return CommandLine.ExitCode.OK;
    }

    private ParameterException bad(final String message, final Exception cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    /** @param loaded null: the directory itself, if there is one */
    private Site site(final LoadedDirectory loaded) {
        try {
            if (root == null) {
                return new FixedSite();
            }
            return new DirectorySite(loaded == null ? root : loaded.root(), list);
        } catch (final IOException e) {
            throw noDirectory(e);
        }
    }

    private ParameterException noDirectory(final IOException cause) {
        return bad("--root " + root + " is no directory that can be read", cause);
    }

    /** @return null if it is not to be */
    private LoadedDirectory load(final SharedPages pages) {
        if (ramfsMib == null) {
            return null;
        }
        if (!Files.isDirectory(root)) {
            throw noDirectory(null);
        }
        try {
            final LoadedDirectory loaded = LoadedDirectory.load(root, pages, ramfsMib.longValue() << MIB_SHIFT);
            if (loaded.leftOut() > 0) {
                spec.commandLine().getErr().println("--root " + root + ": left out " + loaded.leftOut()
                        + " symbolic links that lead elsewhere, pipes or devices");
            }
            return loaded;
        } catch (final IOException e) {
            throw bad("--root " + root + " can't be loaded into --ramfs " + ramfsMib + " MiB: " + e.getMessage()
                    + "; each file takes whole pages of " + (pages == null
                            ? LoadedDirectory.OWN_PAGE_BYTES
                            : pages.pageBytes())
                    + " bytes", e);
        }
    }

    private SslContext tlsContext() {
        for (final File file : tls) {
            if (!file.canRead()) {
                throw bad("--tls " + file + " can't be read", null);
            }
        }
        try {
            return SslContextBuilder.forServer(tls.getFirst(), tls.getLast()).sslProvider(SslProvider.JDK)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (final SSLException | IllegalArgumentException e) {
            throw bad("--tls " + tls.getFirst() + " " + tls.getLast() + ": " + e.getMessage(), e);
        }
    }

    private void serveKernel(final Limits limits, final SslContext context) throws IOException, InterruptedException {
        final CommandLine.ParseResult parsed = spec.commandLine().getParseResult();
        for (final CommandSpec mixin : spec.mixins().values()) {
            for (final OptionSpec option : mixin.options()) {
                if (parsed.hasMatchedOption(option.longestName()) && !option.longestName().equals(LOOPS)
                        && !option.usageHelp() && !option.versionHelp()) {
                    throw bad(option.longestName() + " is about a node; it doesn't go with --kernel", null);
                }
            }
        }
        final int loops = parsed.matchedOptionValue(LOOPS, 1);
        if (loops < 1) {
            throw bad("loops=" + loops + " < MIN=1", null);
        }
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                LoadedDirectory loaded = load(null);
                HttpServer server = new HttpServer(
                        new MultiThreadIoEventLoopGroup(loops, NioIoHandler.newFactory()),
                        NioServerSocketChannel.class, new InetSocketAddress(port), site(loaded), limits, context,
                        ImmediateExecutor.INSTANCE)) {
            await(server, "the kernel's sockets");
        }
    }

    private void serveTap(final Limits limits, final SslContext context) throws IOException, InterruptedException {
        observe.check(spec.commandLine());
        final NodeConfig config = withPages(options.config(spec.commandLine(), "http", where.link.tap()));
        try (Shutdown _ = Shutdown.onSignal(ended::countDown);
                DataplaneNode node = where.link.open(spec.commandLine(), config)) {
            options.deploy(node);
            // Any address of its own, also one that it gets later.
            final InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("::"), port);
            try (LoadedDirectory loaded = load(node.sharedPages());
                    HttpServer server = new HttpServer(new DataplaneEventLoopGroup(node),
                            DataplaneServerSocketChannel.class, any, site(loaded), limits, context, node.sharedTasks());
                    ObserveOptions.Observation _ = observe.observe(node)) {
                await(server, options.describe(where.link.tap()));
            }
        }
    }

    private NodeConfig withPages(final NodeConfig config) {
        // One more, which the file system shows for holes.
        return ramfsMib == null
                ? config
                : config.withSharedPages((int) ((ramfsMib.longValue() << MIB_SHIFT) / config.sharedPageBytes()) + 1);
    }

    private void await(final HttpServer server, final String place) throws InterruptedException {
        spec.commandLine().getOut().println("serving " + (tls.isEmpty() ? "http" : "https") + " at port "
                + server.port() + " on " + place + "; Ctrl-C ends it");
        spec.commandLine().getOut().flush();
        ended.await();
    }
}
