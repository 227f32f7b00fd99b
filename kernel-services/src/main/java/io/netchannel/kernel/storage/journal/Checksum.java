package io.netchannel.kernel.storage.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * CRC32C of parts of a segment.
 *
 * <p>Threading: confined to a thread.
 */
final class Checksum {

    private final CRC32C crc = new CRC32C();
    private final byte[] place = new byte[2 * Long.BYTES];
    private final ByteBuffer placeWords = ByteBuffer.wrap(place).order(ByteOrder.nativeOrder());
    private long bytes;

    /** Of {@code [from, to)} and then of {@code [from2, to2)}. */
    int of(final ByteBuffer buffer, final int from, final int to, final int from2, final int to2) {
        crc.reset();
        return then(buffer, from, to, from2, to2);
    }

    /** As {@link #of}, behind what says where that belongs. */
    int ofPlaced(final long journalId, final long position, final ByteBuffer buffer, final int from, final int to,
            final int from2, final int to2) {
        placeWords.putLong(0, journalId).putLong(Long.BYTES, position);
        crc.reset();
        crc.update(place, 0, place.length);
        return then(buffer, from, to, from2, to2);
    }

    private int then(final ByteBuffer buffer, final int from, final int to, final int from2, final int to2) {
        buffer.limit(to).position(from);
        crc.update(buffer);
        buffer.limit(to2).position(from2);
        crc.update(buffer);
        bytes += to - from + to2 - from2;
        return (int) crc.getValue();
    }

    /** Of segments, that it has gone through so far. */
    long bytes() {
        return bytes;
    }
}
