package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

final class RegionAddressSpaceTest {

    private static final long HOST = 0x7F00_0000_0000L;
    private static final long DEVICE = 0x1000_0000_0000_0000L;
    private static final long SIZE = 0x10000;
    private final AddressSpace space = new RegionAddressSpace(HOST, SIZE, DEVICE);

    @Test
    void shouldMoveAddressesThereAndBack() {
        assertThat(space.toDevice(HOST + 5)).isEqualTo(DEVICE + 5);
        assertThat(space.toHost(DEVICE + 5, 1)).isEqualTo(HOST + 5);
        assertThat(space.toHost(HOST, 1)).as("a host address is no device address").isEqualTo(AddressSpace.INVALID);
    }

    @Test
    void shouldTakeRangesUpToTheLastByteOnly() {
        assertThat(space.toHost(DEVICE, SIZE)).isEqualTo(HOST);
        assertThat(space.toHost(DEVICE, SIZE + 1)).isEqualTo(AddressSpace.INVALID);
        assertThat(space.toHost(DEVICE + SIZE - 1, 1)).isEqualTo(HOST + SIZE - 1);
        assertThat(space.toHost(DEVICE + SIZE - 1, 2)).isEqualTo(AddressSpace.INVALID);
        assertThat(space.toHost(DEVICE - 1, 2)).isEqualTo(AddressSpace.INVALID);
        assertThat(space.toHost(DEVICE + 1, 0xFFFF_FFFFL)).isEqualTo(AddressSpace.INVALID);
        assertThat(space.toHost(DEVICE + 1, -1)).isEqualTo(AddressSpace.INVALID);
    }

    @Test
    void shouldAgreeWithUnboundedArithmetic() {
        final BigInteger first = BigInteger.valueOf(DEVICE);
        final BigInteger end = first.add(BigInteger.valueOf(SIZE));
        qt().forAll(longs().all(), longs().between(-2 * SIZE, 2 * SIZE), longs().between(0, 0xFFFF_FFFFL))
                .check((any, near, length) -> {
                    for (final long address : new long[]{any, DEVICE + near, near}) {
                        for (final long bytes : new long[]{length, length % SIZE}) {
                            final BigInteger from = new BigInteger(Long.toUnsignedString(address));
                            final boolean inside = from.compareTo(first) >= 0
                                    && from.add(BigInteger.valueOf(bytes)).compareTo(end) <= 0;
                            final long expected = inside ? HOST + (address - DEVICE) : AddressSpace.INVALID;
                            if (space.toHost(address, bytes) != expected) {
                                return false;
                            }
                        }
                    }
                    return true;
                });
    }

    @Test
    void shouldRefuseDeviceAddressesThatWrapAround() {
        assertThatThrownBy(() -> new RegionAddressSpace(HOST, SIZE, Long.MAX_VALUE - SIZE + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RegionAddressSpace(HOST, SIZE, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new RegionAddressSpace(HOST, SIZE, Long.MAX_VALUE - SIZE).toHost(Long.MAX_VALUE, 1))
                .isEqualTo(AddressSpace.INVALID);
    }
}
