package io.netchannel.samples.haproxy.stats;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Server;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gives servers the states that another process left in a file: {@code load-server-state-from-file}. What the configuration
 * changed meanwhile counts more than the file.
 */
public final class ServerStateFile {

    private static final int FIELDS = 25;
    private static final int LAST_CHANGE = 9;
    private static final long MAX_BYTES = 16 << 20;
    private static final String CAUSE = "changed from server-state after a reload";
    private static final int PORT = 18;
    private static final long MS_PER_S = 1_000;

    private final Statistics statistics;
    private final Consumer<String> warnings;
    /** Of each file, lines by BACKEND and SERVER; null: it can't be read. */
    private final Map<Path, Map<String, String[]>> files = new HashMap<>();

    private ServerStateFile(final Statistics statistics, final Consumer<String> warnings) {
        this.statistics = statistics;
        this.warnings = warnings;
    }

    /** @param warnings is told what is wrong with files */
    public static void load(final Statistics statistics, final Consumer<String> warnings) {
        final ServerStateFile loading = new ServerStateFile(statistics, warnings);
        for (final Backend backend : statistics.proxies().backends()) {
            final Path file = loading.file(backend);
            if (file != null) {
                loading.apply(backend, loading.files.computeIfAbsent(file, loading::read));
            }
        }
    }

    private Path file(final Backend backend) {
        final GlobalSettings global = statistics.proxies().configuration().global();
        final String name = switch (backend.section().get(ProxySettings.STATE_FILE)) {
            case NONE -> null;
            case GLOBAL -> global.get(GlobalOptions.SERVER_STATE_FILE);
            case LOCAL -> {
                final String own = backend.section().get(ProxySettings.STATE_FILE_NAME);
                yield own == null || "use".equals(own) ? backend.name() : own;
            }
        };
        if (name == null) {
            return null;
        }
        final String base = global.get(GlobalOptions.SERVER_STATE_BASE);
        try {
            return base == null || name.startsWith("/") ? Path.of(name) : Path.of(base, name);
        } catch (final InvalidPathException e) {
            warnings.accept("Can't use server state file '" + name + "': " + e.getReason());
            return null;
        }
    }

    private Map<String, String[]> read(final Path file) {
        final Map<String, String[]> lines = new HashMap<>();
        try {
            final long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                warnings.accept("config: server state file '" + file + "' : " + bytes + " bytes > MAX=" + MAX_BYTES);
                return lines;
            }
            final List<String> all = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            if (all.isEmpty() || !ServerState.VERSION.equals(all.getFirst().strip())) {
                warnings.accept("config: Can't get version of the global server state file '" + file + "'.");
                return lines;
            }
            for (final String line : all.subList(1, all.size())) {
                final String[] words = line.strip().split("[ \t]+");
                if (!line.startsWith("#") && words.length == FIELDS) {
                    lines.put(words[1] + "/" + words[3], words);
                } else if (!line.startsWith("#") && !line.isBlank()) {
                    warnings.accept("config: server state file '" + file + "' : a line has " + words.length
                            + " fields instead of " + FIELDS + ": it is passed over.");
                }
            }
        } catch (final IOException e) {
            warnings.accept("config: Can't open global server state file '" + file + "': " + e.getMessage());
        }
        return lines;
    }

    private void apply(final Backend backend, final Map<String, String[]> lines) {
        for (final Server server : backend.servers()) {
            final String[] words = lines.get(backend.name() + "/" + server.name());
            if (words != null) {
                try {
                    apply(server, words);
                } catch (final NumberFormatException e) {
                    warnings.accept(
                            "server-state application failed for server '" + backend.name() + "/" + server.name()
                                    + "', invalid value: " + e.getMessage());
                }
            }
        }
    }

    private void apply(final Server server, final String[] words) {
        final int state = number(words[5], 3);
        final int admin = number(words[6], 0x3f);
        final int weight = number(words[7], ServerTraffic.MAX_WEIGHT);
        final int initialWeight = number(words[8], ServerTraffic.MAX_WEIGHT);
        final int port = number(words[PORT], 65_535);
        final int checks = number(words[13], 0x1f);
        final int agent = number(words[14], 0x1f);
        final boolean wasMaintained = (admin & ServerState.FORCED_MAINTENANCE) != 0;
        final boolean maintenance = (admin & ServerState.CONFIGURED_MAINTENANCE) != 0 == server.settings().get(
                ServerTraffic.DISABLED) ? wasMaintained : server.settings().get(ServerTraffic.DISABLED);
        if (!maintenance) {
            statistics.force(server, state == 0 && (admin & maintenanceFlags()) == 0
                    ? Server.State.STOPPED
                    : state == 3 ? Server.State.STOPPING : Server.State.RUNNING, CAUSE);
        }
        statistics.admin(server, maintenance
                ? Server.Admin.MAINT
                : (admin & ServerState.FORCED_DRAIN) != 0 && (initialWeight > 0 || server.initialWeight() == 0)
                        ? Server.Admin.DRAIN
                        : Server.Admin.READY,
                CAUSE);
        if (initialWeight == server.initialWeight()) {
            server.weight(weight);
        }
        server.unchangedFor(number(words[LAST_CHANGE], Integer.MAX_VALUE) * MS_PER_S);
        if ((checks & ServerState.CHECK_CONFIGURED) != 0 && (checks & ServerState.CHECK_ENABLED) == 0) {
            statistics.enableChecks(server, false, false);
        }
        if ((agent & ServerState.CHECK_CONFIGURED) != 0 && (agent & ServerState.CHECK_ENABLED) == 0) {
            statistics.enableChecks(server, true, false);
        }
        if (server.address() instanceof final Address.Ip ip && port > 0 && port != ip.port()) {
            server.address(new Address.Ip(ip.host(), ip.ip(), port, ip.relativePort()));
        }
    }

    private static int maintenanceFlags() {
        return ServerState.FORCED_MAINTENANCE | ServerState.INHERITED_MAINTENANCE | ServerState.CONFIGURED_MAINTENANCE;
    }

    private static int number(final String text, final int max) {
        final int value = Integer.parseInt(text);
        if (value < 0 || value > max) {
            throw new NumberFormatException(text + " > MAX=" + max);
        }
        return value;
    }
}
