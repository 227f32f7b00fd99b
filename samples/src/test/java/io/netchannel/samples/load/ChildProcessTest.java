package io.netchannel.samples.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChildProcessTest {

    private final Path directory = ChildProcess.newDirectory("test");

    private ChildProcess start(final String... line) {
        return ChildProcess.start(directory, List.of(line), Map.of("WORD", "hello"));
    }

    @Test
    void shouldEndWithItsDirectory() throws IOException {
        Files.writeString(directory.resolve("file"), "for it to read");
        try (ChildProcess process = start("cat", directory.resolve("file").toString())) {
            assertThat(process.awaitEnd(30)).isZero();
            assertThat(process.words()).isEqualTo("for it to read");
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldEndWhatRunsStill() {
        final ChildProcess process = start("sleep", "1000");
        assertThat(process.cpu().ns()).isNotNegative();
        process.close();
        assertThat(process.cpu().ns()).isEqualTo(CpuTime.UNKNOWN);
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldSayWhatAProcessSaidThatEndsTooEarly() {
        final ChildProcess process = start("sh", "-c", "echo $WORD; exit 3");
        assertThatThrownBy(() -> process.await(() -> false)).isInstanceOf(LoadFailure.class)
                .hasMessage("sh does not start: status 3 hello");
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldSayThatThereIsNoSuchProgram() {
        assertThatThrownBy(() -> start("no-such-program")).isInstanceOf(LoadFailure.class)
                .hasMessageStartingWith("no-such-program does not start: ");
        assertThat(directory).doesNotExist();
        assertThat(Programs.unavailability("no-such-program")).isEqualTo("needs the program no-such-program");
        assertThat(Programs.unavailability("sh")).isNull();
    }
}
