package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpopAnswerTest {

    private static final String HELLO = "e\0\0\0\u0001\0\0";
    private static final String BYE = "f\0\0\0\u0001\0\0";
    private static final String VERSION = SpopItems.encode("version") + "\u0008" + SpopItems.encode("2.0");
    private static final String SIZE = SpopItems.encode("max-frame-size") + "\u0003" + SpopItems.encode(1024);

    private static Step.Outcome read(final String frame) {
        return SpopAnswer.read("\0\0" + (char) (frame.length() >> 8) + (char) (frame.length() & 0xff) + frame, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\u0011", "\u0006abcd", "\u0007abcdefghijklmnop", "\u0004\u00f1\u0001",
        "\u0009\u0001x"})
    void shouldPassOverItemsThatItDoesNotKnow(final String value) {
        final Step.Outcome outcome = read(HELLO + SpopItems.encode("more") + value + VERSION + SIZE);
        assertThat(outcome.status()).isEqualTo(CheckStatus.L7OK);
        assertThat(outcome.description()).isEqualTo("SPOA server is ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "2.1", "20.0", "2", "two"})
    void shouldFailWithVersionsThatWereNotOffered(final String version) {
        final Step.Outcome outcome = read(
                HELLO + SpopItems.encode("version") + "\u0008" + SpopItems.encode(version) + SIZE);
        assertThat(outcome.status()).isEqualTo(CheckStatus.L7RSP);
        assertThat(outcome.description()).isEqualTo("unsupported version");
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 16_381})
    void shouldFailWithFramesTooSmallOrTooBig(final int size) {
        assertThat(read(HELLO + VERSION + SpopItems.encode("max-frame-size") + "\u0003" + SpopItems.encode(size))
                .description()).isEqualTo("max-frame-size too big or too small");
    }

    @ParameterizedTest
    @CsvSource({"0, normal", "3, frame is too big", "8, unsupported version", "99, an unknown error occurred"})
    void shouldTellWhyAnAgentDisconnects(final int code, final String reason) {
        final Step.Outcome outcome = read(BYE + SpopItems.encode("status-code") + "\u0003" + (char) code
                + SpopItems.encode("message") + "\u0008" + SpopItems.encode("bye"));
        assertThat(outcome.status()).isEqualTo(CheckStatus.L7RSP);
        assertThat(outcome.description()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d\0\0\0\u0001\0\0", "e\0\0\0\u0001\0", "e\0\0\0\u0001\0\u0001",
        "e\0\0\0\u0001\0\0\u0007version",
        "e\0\0\0\u0001\0\0\u0007version\u0003\u0002", "e\0\0\0\u0001\0\0\u0009short", "e\0\0\0\u0001\0\0\u00ff\u00ff"})
    void shouldFailWithInvalidFrames(final String frame) {
        assertThat(read(frame).description()).isEqualTo("invalid frame received");
    }

    @ParameterizedTest
    @CsvSource({"'', max-frame-size value not found", "x, version value not found"})
    void shouldFailWithoutWhatMustBeThere(final String without, final String reason) {
        assertThat(read(HELLO + (without.isEmpty() ? VERSION : SIZE)).description()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e", "f"})
    void shouldFailWithFragments(final String type) {
        assertThat(read(type + "\0\0\0\0\0\0").description()).isEqualTo("fragmentation not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0\0\0", "\0\0\0\u0007", "\u00ff\u00ff\u00ff\u00ff"})
    void shouldWaitForTheWholeFrame(final String start) {
        assertThat(SpopAnswer.read(start, false)).isNull();
        assertThat(SpopAnswer.read(start, true).description()).isEqualTo("invalid frame received");
    }
}
