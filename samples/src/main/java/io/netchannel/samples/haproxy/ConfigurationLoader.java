package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.HostName;
import io.netchannel.samples.haproxy.config.TlsOptions;
import io.netchannel.samples.haproxy.proxy.GlobalTraffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Reads all files that the command line names, and says what is wrong with them. */
final class ConfigurationLoader {

    private final Arguments arguments;
    private final Messages messages;
    private final Diagnostics diagnostics;

    ConfigurationLoader(final Arguments arguments, final Messages messages) {
        this.arguments = arguments;
        this.messages = messages;
        this.diagnostics = new Diagnostics(messages::print);
    }

    boolean hasWarnings() {
        return diagnostics.hasWarnings();
    }

    /** @return null if it can't be used; why was said */
    Configuration load() {
        final Configuration configuration = new Configuration();
        apply(configuration);
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        try {
            final List<Path> files = files();
            configuration.environment().set("HAPROXY_CFGFILES", files.stream().map(Path::toString).collect(Collectors
                    .joining(";")));
            for (final Path file : files) {
                if (!read(reader, file)) {
                    return null;
                }
            }
        } catch (final IOException e) {
            alert(e.getMessage());
            return null;
        }
        if (arguments.masterWorker) {
            arguments.masterSockets.forEach(reader::masterSocket);
        }
        if (!diagnostics.hasFailed()) {
            reader.finish();
        }
        if (diagnostics.hasFailed()) {
            alert("Fatal errors found in configuration.");
            return null;
        }
        if (diagnostics.hasWarnings() && (arguments.zeroWarning || configuration.global().get(
                GlobalOptions.ZERO_WARNING))) {
            alert("Some warnings were found and 'zero-warning' is set. Aborting.");
            return null;
        }
        configuration.startupLogs(messages.said());
        return configuration;
    }

    private void alert(final String text) {
        messages.print(new Diagnostics.Message(Diagnostics.Severity.ALERT, text));
    }

    /** What the command line says that the files would say too; theirs can't change it then. */
    private void apply(final Configuration configuration) {
        if (arguments.maxConnections > 0) {
            configuration.global().set(GlobalTraffic.MAXCONN, arguments.maxConnections);
        }
        if (arguments.pidFile != null) {
            configuration.global().set(GlobalOptions.PID_FILE, arguments.pidFile);
        }
        if (arguments.localPeer != null) {
            configuration.global().set(GlobalOptions.LOCAL_PEER, arguments.localPeer);
        }
        if (arguments.noServerVerify) {
            configuration.global().set(GlobalOptions.SERVER_VERIFY, TlsOptions.Verify.NONE);
        }
        if (arguments.noReusePort) {
            configuration.global().set(GlobalOptions.NO_REUSEPORT, true);
        }
        configuration.global().set(GlobalOptions.DEFAULT_PROXY_CONNECTIONS, arguments.maxProxyConnections);
        configuration.global().set(GlobalOptions.IGNORE_UNRESOLVED, arguments.ignoreUnresolved);
        final String localPeer = configuration.global().get(GlobalOptions.LOCAL_PEER);
        configuration.environment().set("HAPROXY_LOCALPEER", localPeer == null ? HostName.get() : localPeer);
    }

    /** Directories stand for what is in them: names that end by .cfg, in their order. */
    private List<Path> files() throws IOException {
        final List<Path> files = new ArrayList<>();
        for (final Path path : arguments.files) {
            if (!Files.isDirectory(path)) {
                if (!Files.exists(path)) {
                    throw new IOException("Cannot open configuration file/directory " + path
                            + " : No such file or directory");
                }
                files.add(path);
                continue;
            }
            final List<Path> inside = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "*.cfg")) {
                for (final Path entry : entries) {
                    if (!entry.getFileName().toString().startsWith(".") && Files.isRegularFile(entry)) {
                        inside.add(entry);
                    }
                }
            }
            Collections.sort(inside);
            files.addAll(inside);
        }
        return files;
    }

    private boolean read(final ConfigurationReader reader, final Path file) throws IOException {
        final String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (final NoSuchFileException e) {
            throw new IOException("Could not open configuration file " + file + " : No such file or directory", e);
        } catch (final FileSystemException e) {
            throw new IOException("Could not open configuration file " + file + " : " + (e.getReason() == null
                    ? "Permission denied"
                    : e.getReason()), e);
        }
        final boolean failedBefore = diagnostics.hasFailed();
        final boolean goOn = reader.read(file.toString(), text);
        if (diagnostics.hasFailed() && !failedBefore || !goOn) {
            alert("Error(s) found in configuration file : " + file);
        }
        return goOn;
    }
}
