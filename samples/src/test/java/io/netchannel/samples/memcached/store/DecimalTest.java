package io.netchannel.samples.memcached.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecimalTest {

    @ParameterizedTest
    @CsvSource({"0,0", "42,42", "18446744073709551615,-1", "9223372036854775808,-9223372036854775808", "+7,7", "' 7',7",
        "'7 x',7", "-18446744073709551615,1", "007,7"})
    void shouldReadUnsignedNumbers(final String text, final long number) {
        try (Arena arena = Arena.ofConfined()) {
            final long address = copy(arena, text);
            assertThat(Decimal.parse(address, text.length())).isTrue();
            assertThat(Decimal.parsed(address, text.length())).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+", "x", "7x", "18446744073709551616", "99999999999999999999", "-1", " "})
    void shouldRefuseWhatIsNoUnsignedNumber(final String text) {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Decimal.parse(copy(arena, text), text.length())).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"-1,true", "9223372036854775807,true", "9223372036854775808,false", "-9223372036854775808,true",
        "-9223372036854775809,false", "x,false", "1x,false", "'',false"})
    void shouldTellSignedNumbers(final String text, final boolean number) {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Decimal.parseSigned(copy(arena, text), text.length())).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 12345, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void shouldWriteUnsignedNumbers(final long number) {
        try (Arena arena = Arena.ofConfined()) {
            final long address = arena.allocate(20).address();
            final byte[] text = new byte[Decimal.put(address, number)];
            HostMemory.INSTANCE.copyToArray(address, text, 0, text.length);
            assertThat(new String(text, StandardCharsets.ISO_8859_1)).isEqualTo(Long.toUnsignedString(number));
        }
    }

    private static long copy(final Arena arena, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long address = arena.allocate(Math.max(1, bytes.length)).address();
        HostMemory.INSTANCE.copyFromArray(bytes, 0, address, bytes.length);
        return address;
    }
}
