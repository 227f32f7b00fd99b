package io.netchannel.samples.haproxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.check.ProxyChecks;
import io.netchannel.samples.haproxy.proxy.LocalProxy;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that haproxy 2.6.12 wrote: {@code show servers state}. */
class ServerStateFileTest {

    private static final String HEADER = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state "
            + "srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health "
            + "srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl "
            + "srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";
    private static final String REST = " - 0 0 - - 0\n";

    @TempDir
    private Path directory;
    private final LocalProxy local = new LocalProxy();
    private final List<String> warnings = new ArrayList<>();

    @AfterEach
    void stop() {
        local.close();
    }

    private ProxyServer start(final String backends) throws Exception {
        final ProxyServer proxy = local.start("server-state-base " + directory + "\nserver-state-file all", backends);
        local.inLoop(() -> {
            ServerStateFile.load(new Statistics(proxy, ProxyChecks.create(proxy)), warnings::add);
            return null;
        });
        return proxy;
    }

    private void write(final String name, final String... lines) throws IOException {
        final StringBuilder text = new StringBuilder(HEADER);
        for (final String line : lines) {
            text.append(line).append(REST);
        }
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void shouldGoOnWhereTheFileOfAllEnded() throws Exception {
        write("all", "3 b 1 s1 127.0.0.1 0 1 1 1 0 1 0 0 0 0 0 0 - 7812",
                "3 b 2 s2 127.0.0.1 2 0 5 10 30 1 0 2 0 0 0 0 - 99",
                "3 b 3 s3 127.0.0.1 2 8 1 1 0 1 0 2 0 0 0 0 - 7814",
                "4 c 1 s1 127.0.0.1 2 0 5 10 3 1 0 2 0 0 0 0 - 99");
        final ProxyServer proxy = start("backend b\nload-server-state-from-file global\nserver s1 127.0.0.1:7812\n"
                + "server s2 127.0.0.1:7813 weight 10\nserver s3 127.0.0.1:7814\n"
                + "backend c\nserver s1 127.0.0.1:7812 weight 10\n");
        assertThat(warnings).isEmpty();
        final List<Server> servers = proxy.backend("b").servers();
        assertThat(servers.stream().map(Server::admin)).containsExactly(Server.Admin.MAINT, Server.Admin.READY,
                Server.Admin.DRAIN);
        assertThat(servers.get(1).weight()).isEqualTo(5);
        assertThat(ServerState.port(servers.get(1).address())).isEqualTo(99);
        assertThat(local.inLoop(() -> proxy.loop().clock().nowMs() - servers.get(1).changedMs())).isBetween(30_000L,
                60_000L);
        assertThat(proxy.backend("c").server("s1").weight()).isEqualTo(10);
    }

    @Test
    void shouldTakeFilesOfBackends() throws Exception {
        write("b", "3 b 1 s1 127.0.0.1 2 0 5 10 3 1 0 2 0 0 0 0 - 1");
        write("mine", "4 c 1 s1 127.0.0.1 2 0 6 10 3 1 0 2 0 0 0 0 - 1");
        final ProxyServer proxy = start(
                "backend b\nload-server-state-from-file local\nserver s1 127.0.0.1:1 weight 10\n"
                        + "backend c\nload-server-state-from-file local\nserver-state-file-name mine\n"
                        + "server s1 127.0.0.1:1 weight 10\nbackend d\nload-server-state-from-file none\n"
                        + "server s1 127.0.0.1:1 weight 10\n");
        assertThat(warnings).isEmpty();
        assertThat(proxy.backends().stream().map(backend -> backend.server("s1").weight())).containsExactly(5, 6, 10);
    }

    @Test
    void shouldLetTheConfigurationWinWhereItChanged() throws Exception {
        write("all", "3 b 1 s1 127.0.0.1 2 0 5 10 3 1 0 2 0 0 0 0 - 1");
        final ProxyServer proxy = start(
                "backend b\nload-server-state-from-file global\nserver s1 127.0.0.1:1 weight 20\n");
        assertThat(proxy.backend("b").server("s1").weight()).isEqualTo(20);
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws Exception {
        Files.writeString(directory.resolve("all"), "2\n");
        start("backend b\nload-server-state-from-file global\nserver s1 127.0.0.1:1\n");
        assertThat(warnings).hasSize(1).first().asString().contains("Can't get version");
    }
}
