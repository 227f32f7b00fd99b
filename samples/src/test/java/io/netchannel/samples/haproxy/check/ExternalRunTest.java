package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExternalRunTest {

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final Diagnostics diagnostics = new Diagnostics();

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    private ProxySection read(final String global, final String... lines) {
        final Configuration configuration = new Configuration();
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        reader.read("test.cfg", "global\n" + global + "\nlisten l\n" + String.join("\n", lines)
                + "\nbind 127.0.0.1:80\nserver s 192.0.2.9:80 check\n");
        reader.finish();
        return configuration.proxies().getFirst();
    }

    private CheckRun.Result run(final String command) throws Exception {
        final ProxySection proxy = read("external-check\ninsecure-fork-wanted", "option external-check",
                "external-check command " + command, "external-check path /usr/bin:/bin");
        assertThat(diagnostics.hasFailed()).as("%s", diagnostics.messages()).isFalse();
        final CompletableFuture<CheckRun.Result> result = new CompletableFuture<>();
        new ExternalRun(proxy.get(CheckSettings.PROGRAM), new TestServer(proxy, proxy.get(ProxySettings.SERVERS)
                .getFirst()), loop, (_, ended) -> result.complete(ended)).start();
        return result.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldPassWhereTheProgramEndsWell() throws Exception {
        assertThat(run("true")).isEqualTo(new CheckRun.Result(CheckStatus.PROCOK, 0, ""));
    }

    @Test
    void shouldFailWhereTheProgramDoes() throws Exception {
        assertThat(run("false")).isEqualTo(new CheckRun.Result(CheckStatus.PROCERR, 1, ""));
    }

    @Test
    void shouldFailWhereThereIsNoProgram() throws Exception {
        assertThat(run("/no/such/program").status()).isEqualTo(CheckStatus.SOCKERR);
    }

    @Test
    void shouldTellTheProgramOfWhatItChecks() throws Exception {
        final Path script = Files.createTempFile("check", ".sh");
        try {
            Files.writeString(script, "#!/bin/sh\n[ \"$*\" = '127.0.0.1 80 192.0.2.9 80' ]"
                    + " && [ $HAPROXY_SERVER_NAME = s ] && [ $HAPROXY_PROXY_NAME = l ]\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
            assertThat(run(script.toString()).status()).isEqualTo(CheckStatus.PROCOK);
        } finally {
            Files.delete(script);
        }
    }

    @Test
    void shouldAskForPermission() {
        read("", "option external-check", "external-check command /bin/true");
        assertThat(diagnostics.messages().toString()).contains(
                "Proxy 'l' : 'option external-check' unable to find required 'global.external-check'.");
    }

    @Test
    void shouldSayThatTheCommandAloneDoesNothing() {
        read("external-check", "external-check command /bin/true");
        assertThat(diagnostics.messages().toString()).contains(
                "'external-check command' will be ignored for proxy 'l' (requires 'option external-check').");
    }

    @Test
    void shouldAskForTheCommand() {
        read("external-check", "option external-check");
        assertThat(diagnostics.messages().toString()).contains(
                "Proxy 'l' : 'option external-check' unable to find required 'external-check command'.");
    }
}
