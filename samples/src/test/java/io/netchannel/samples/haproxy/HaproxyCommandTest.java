package io.netchannel.samples.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line, but for what serves. */
final class HaproxyCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(final String... words) {
        return new CommandLine(new HaproxyCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(
                words);
    }

    private String file(final String name, final String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void shouldPrintWhatProgramsLookFor() {
        assertThat(run("-dM", "-vv")).isZero();

        assertThat(out.toString()).matches("(?s)HAProxy version 2\\.6\\.0-netchannel .*")
                .containsPattern("(?m)^  TARGET  = netchannel$")
                .containsPattern("(?m)^Feature list : .*\\+EPOLL .*-LUA ")
                .containsPattern("(?m)^Available services : ");
    }

    @Test
    void shouldPrintOnlyVersion() {
        assertThat(run("-v")).isZero();
        assertThat(out.toString()).startsWith("HAProxy version 2.6.0").doesNotContain("Feature");
    }

    @ParameterizedTest
    @CsvSource({"'streq(a,a)',0", "'streq(a,b)',1", "nosuch(1),2", "1 1,2"})
    void shouldEvaluateCondition(final String condition, final int status) {
        assertThat(run("-cc", condition)).isEqualTo(status);
    }

    @Test
    void shouldSayThatConfigurationIsValid() throws IOException {
        final String file = file("a.cfg", "frontend f\n timeout client 1s\n bind 127.0.0.1:1\n");

        assertThat(run("-c", "-f", file)).isZero();
        assertThat(out).hasToString("Configuration file is valid\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldAskWhereToServe() throws IOException {
        assertThat(run("-f", file("a.cfg", "frontend f\n timeout client 1s\n bind 127.0.0.1:1\n"))).isEqualTo(2);
        assertThat(err.toString()).contains("say where to serve: --kernel, or --tap NAME --address PREFIX");
    }

    @Test
    void shouldSayNothingIfQuiet() throws IOException {
        assertThat(run("-q", "-c", "-f", file("a.cfg", "frontend f\n timeout client 1s\n bind 127.0.0.1:1\n")))
                .isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldSayThatWarningsWereFound() throws IOException {
        final String file = file("a.cfg", "frontend f\n bind 127.0.0.1:1\n");

        assertThat(run("-c", "-f", file)).isZero();
        assertThat(out).hasToString("Warnings were found.\nConfiguration file is valid\n");
        assertThat(err.toString()).contains("[WARNING]  (").contains("missing timeouts for frontend 'f'.");
        assertThat(run("-c", "-dW", "-f", file)).isEqualTo(1);
        assertThat(err.toString()).contains("Some warnings were found and 'zero-warning' is set. Aborting.");
    }

    @Test
    void shouldEndWithTwoIfNothingListens() throws IOException {
        assertThat(run("-c", "-f", file("a.cfg", "backend b\n"))).isEqualTo(2);
        assertThat(out).hasToString("Configuration file has no error but will not start (no listener) => exit(2).\n");
    }

    @Test
    void shouldReadFilesOfDirectoryInOrder() throws IOException {
        file("2.cfg", "frontend f\n bind 127.0.0.1:1\n");
        file("1.cfg", "defaults\n timeout client 1s\n");
        file("3.txt", "nonsense\n");
        file(".4.cfg", "nonsense\n");

        assertThat(run("-c", "-f", directory.toString())).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldSayThatFileIsNotThere() {
        assertThat(run("-c", "-f", "/nosuch.cfg")).isEqualTo(1);
        assertThat(err.toString()).contains(
                "config : Cannot open configuration file/directory /nosuch.cfg : No such file or directory");
    }

    @ParameterizedTest
    @CsvSource({"-f", "x", "-c", "-zz 1", "-n x", "-sf y"})
    void shouldShowUsage(final String words) {
        assertThat(run(words.split(" "))).isEqualTo(1);
        assertThat(err.toString()).contains("Usage : haproxy [-f <cfgfile|cfgdir>]*");
    }

    @ParameterizedTest
    @CsvSource({"-x /tmp/s,-x is not supported by this build",
        "-dKall,-dK is not supported by this build", "-C /,Could not change to directory /"})
    void shouldNameWhatCanNotBeDone(final String words, final String message) throws IOException {
        final String file = file("a.cfg", "frontend f\n bind 127.0.0.1:1\n");

        assertThat(run((words + " -c -f " + file).split(" "))).isEqualTo(1);
        assertThat(err.toString()).contains(message);
    }
}
