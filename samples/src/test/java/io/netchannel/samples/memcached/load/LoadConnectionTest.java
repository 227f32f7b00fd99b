package io.netchannel.samples.memcached.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.TestLink;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of the protocol, in virtual time. */
final class LoadConnectionTest {

    private static final int VALUE_BYTES = 20;
    private static final long ROUND_NS = 1_000_000L;

    private LoadWorker worker;
    private LoadConnection connection;
    private final Arena arena = Arena.ofConfined();
    private final TestLink link = new TestLink();
    private long nowNs = 1000;
    private LoadCounts counts;

    @BeforeEach
    void open() {
        open(1, 0, false);
    }

    private void open(final int gets, final int sets, final boolean verify) {
        worker = new LoadWorker(new LoadProfile(1, VALUE_BYTES, 100, sets, gets, verify, 7), () -> nowNs);
        connection = worker.open(link);
    }

    @AfterEach
    void close() {
        worker.close();
        link.close();
        arena.close();
    }

    private String takeSent() {
        return link.takeSent();
    }

    private void receive(final String text) {
        link.give(connection, text);
    }

    private void run(final int depth) {
        counts = null;
        worker.run(depth, ROUND_NS, ended -> counts = ended);
    }

    /** As a server answers that has what each key should have. */
    private String answers(final String requests) {
        final StringBuilder all = new StringBuilder();
        final String[] lines = requests.split("\r\n");
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("set ")) {
                all.append("STORED\r\n");
                i++;
            } else {
                final String key = lines[i].substring("get ".length());
                all.append("VALUE ").append(key).append(" 0 " + VALUE_BYTES + "\r\n").append(value(key))
                        .append("\r\nEND\r\n");
            }
        }
        return all.toString();
    }

    private String value(final String key) {
        final long at = arena.allocate(worker.encoder().maxBytes()).address();
        final byte[] set = new byte[worker.encoder().putSet(at, Integer.parseInt(key.substring("memload-".length())))];
        HostMemory.INSTANCE.copyToArray(at, set, 0, set.length);
        return new String(set, StandardCharsets.ISO_8859_1).split("\r\n")[1];
    }

    @Test
    void shouldKeepAsManyRequestsUnderWayAsAsked() {
        run(3);
        final String first = takeSent();
        assertThat(first).matches("(get memload-\\d{8}\r\n){3}");
        final String answers = answers(first);
        receive(answers.substring(0, answers.length() * 2 / 3));
        assertThat(takeSent()).matches("(get memload-\\d{8}\r\n){2}");
    }

    @Test
    void shouldStoreEachKeyOnce() {
        worker.store(ended -> counts = ended);
        final StringBuilder all = new StringBuilder();
        for (String requests = takeSent(); !requests.isEmpty(); requests = takeSent()) {
            all.append(requests);
            receive(answers(requests));
        }
        final String[] lines = all.toString().split("\r\n");
        assertThat(counts.operations()).isEqualTo(100);
        assertThat(Arrays.stream(lines).filter(line -> line.startsWith("set ")).distinct()).hasSize(100);
        assertThat(Arrays.stream(lines).filter(line -> !line.startsWith("set "))).allMatch(
                value -> value.length() == VALUE_BYTES);
    }

    @Test
    void shouldMixSetsAndGetsAsAsked() {
        open(3, 1, true);
        run(1000);
        final String requests = takeSent();
        assertThat(requests.split("set ", -1).length - 1).isBetween(200, 300);
        receive(answers(requests));
        assertThat(takeSent()).isNotEmpty();
    }

    @Test
    void shouldUnderstandAnswersWhereverTheyAreCut() {
        open(1, 1, true);
        run(4);
        final String requests = takeSent();
        final String answers = answers(requests);
        for (int cut = 1; cut < answers.length(); cut++) {
            open(1, 1, true);
            run(4);
            assertThat(takeSent()).isEqualTo(requests);
            receive(answers.substring(0, cut));
            nowNs += 2 * ROUND_NS;
            receive(answers.substring(cut));
            final String rest = takeSent();
            if (!rest.isEmpty()) {
                receive(answers(rest));
            }
            assertThat(counts).as("cut at " + cut).isNotNull();
            assertThat(counts.allOperations()).as("cut at " + cut).isEqualTo(4 + rest.split("[gs]et ").length - 1);
        }
    }

    @Test
    void shouldUnderstandAnswersByteForByte() {
        open(1, 1, true);
        run(2);
        final String answers = answers(takeSent());
        nowNs += 2 * ROUND_NS;
        for (final String each : answers.split("")) {
            receive(each);
        }
        assertThat(counts.allOperations()).isEqualTo(2);
        assertThat(counts.misses()).isZero();
    }

    @Test
    void shouldCountWhatIsAnsweredWithinTheRoundAndItsLatency() {
        run(1);
        final String request = takeSent();
        nowNs += 5000;
        receive(answers(request));
        nowNs += ROUND_NS;
        receive(answers(takeSent()));
        assertThat(takeSent()).isEmpty();
        assertThat(counts.operations()).isEqualTo(1);
        assertThat(counts.allOperations()).isEqualTo(2);
        assertThat(counts.latencies().getTotalCount()).isEqualTo(1);
        assertThat(counts.latencies().getValueAtPercentile(100)).isBetween(4950L, 5100L);
    }

    @Test
    void shouldCountMissesAndRefusals() {
        run(3);
        nowNs += ROUND_NS;
        receive("END\r\nSERVER_ERROR out of memory writing get response\r\nEND\r\n");
        assertThat(counts.misses()).isEqualTo(2);
        assertThat(counts.errors()).isEqualTo(1);
        assertThat(counts.firstError()).isEqualTo("SERVER_ERROR out of memory writing get response");
    }

    @Test
    void shouldFindAValueThatIsNotWhatWasStored() {
        open(1, 0, true);
        run(1);
        final String answers = answers(takeSent());
        final int at = answers.indexOf("\r\n") + 10;
        final char other = answers.charAt(at) == 'a' ? 'b' : 'a';
        assertThatThrownBy(() -> receive(answers.substring(0, at) + other + answers.substring(at + 1)))
                .isInstanceOf(LoadFailure.class).hasMessageContaining("is not what was stored");
    }

    @Test
    void shouldFindAnotherKeysValue() {
        run(1);
        final String request = takeSent();
        final String digit = request.charAt(request.length() - 3) == '1' ? "2" : "1";
        assertThatThrownBy(() -> receive(answers(request.substring(0, request.length() - 3) + digit + "\r\n")))
                .isInstanceOf(LoadFailure.class).hasMessageContaining("not the value of key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"STORED\r\n", "HELLO\r\n", "\r\n", "EN\r\n", "END\n", "VALUE memload\r\n"})
    void shouldRefuseWhatIsNoAnswerToGet(final String answer) {
        run(1);
        takeSent();
        assertThatThrownBy(() -> receive(answer)).isInstanceOf(LoadFailure.class);
    }

    @ParameterizedTest
    @CsvSource({"0 19", "1 20", "0 99999999999", "0", "0 20 5", "0 x"})
    void shouldRefuseAValueOfAnotherLength(final String numbers) {
        run(1);
        final String key = takeSent().substring("get ".length()).strip();
        assertThatThrownBy(() -> receive("VALUE " + key + " " + numbers + "\r\n")).isInstanceOf(LoadFailure.class);
    }

    @Test
    void shouldRefuseAnAnswerToNothing() {
        run(1);
        final String answer = answers(takeSent());
        nowNs += ROUND_NS;
        assertThatThrownBy(() -> receive(answer + "END\r\n")).isInstanceOf(LoadFailure.class)
                .hasMessageContaining("an answer to nothing");
    }

    @Test
    void shouldRefuseALineWithoutEnd() {
        run(1);
        assertThatThrownBy(() -> {
            for (int i = 0; i < 3; i++) {
                receive("x".repeat(1000));
            }
        }).isInstanceOf(LoadFailure.class).hasMessageContaining("longer than");
    }

    @Test
    void shouldSendTheRestWhenThereIsRoomAgain() {
        link.room(30);
        run(4);
        assertThat(takeSent()).hasSize(30);
        link.room(10);
        connection.writable();
        link.room(Integer.MAX_VALUE);
        connection.writable();
        connection.writable();
        final String rest = takeSent();
        assertThat(rest).matches("(?s).*(get memload-\\d{8}\r\n){2}").hasSize(4 * 22 - 30);
        nowNs += ROUND_NS;
    }

    @Test
    void shouldEndARoundOfNoTime() {
        worker.run(1, 0, ended -> counts = ended);
        assertThat(counts.allOperations()).isZero();
        assertThat(takeSent()).isEmpty();
    }
}
