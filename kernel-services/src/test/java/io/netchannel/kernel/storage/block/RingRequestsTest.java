package io.netchannel.kernel.storage.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.SubmissionEntryLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What is known of a request while the kernel has it. */
final class RingRequestsTest {

    private static final int DEPTH = 2;

    private final MemorySegment head = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
    private final MemorySegment tail = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
    private final MemorySegment flags = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
    private final MemorySegment array = Arena.ofAuto().allocate(DEPTH * Integer.BYTES, Integer.BYTES);
    private final MemorySegment entries = Arena.ofAuto().allocate(DEPTH * SubmissionEntryLayout.ENTRY_BYTES, 64);
    private final SubmissionRing ring = new SubmissionRing(HostMemory.INSTANCE, head.address(), tail.address(),
            flags.address(), array.address(), entries.address(), DEPTH);
    private final RingRequests requests = new RingRequests(ring, DEPTH);
    private int taken;

    private boolean add(final int number) {
        return requests.add(number, 10 + number, 20 + number, 30 + number, 40 + number, number);
    }

    /** As the kernel takes it. @return user data */
    private long take(final int number) {
        ring.publish();
        assertThat(tail.get(ValueLayout.JAVA_INT, 0)).isGreaterThan(taken);
        final MemorySegment entry = entries.asSlice((long) (taken++ % DEPTH) * SubmissionEntryLayout.ENTRY_BYTES,
                SubmissionEntryLayout.ENTRY_BYTES);
        assertThat(word(entry, SubmissionEntryLayout.OPERATION_OFFSET)).isEqualTo(number);
        assertThat(word(entry, SubmissionEntryLayout.OFFSET_OFFSET)).isEqualTo(10 + number);
        assertThat(word(entry, SubmissionEntryLayout.ADDRESS_OFFSET)).isEqualTo(20 + number);
        assertThat(word(entry, SubmissionEntryLayout.LENGTH_OFFSET)).isEqualTo(30 + number);
        assertThat(word(entry, SubmissionEntryLayout.BUFFER_INDEX_OFFSET)).isEqualTo(number);
        final long userData = word(entry, SubmissionEntryLayout.USER_DATA_OFFSET);
        entry.fill((byte) -1);
        head.set(ValueLayout.JAVA_INT, 0, taken);
        return userData;
    }

    private static long word(final MemorySegment entry, final long offset) {
        return entry.get(ValueLayout.JAVA_LONG, offset);
    }

    @Test
    void shouldSubmitAgainWhatASignalHasInterrupted() {
        assertThat(add(1)).isTrue();
        assertThat(add(2)).isTrue();
        assertThat(add(3)).as("no slot").isFalse();
        final long first = take(1);
        final long second = take(2);
        for (int i = 0; i < 5; i++) {
            assertThat(requests.complete(first, -Errno.EINTR)).isFalse();
            assertThat(requests.outstanding()).isEqualTo(2);
            assertThat(take(1)).isEqualTo(first);
        }
        assertThat(requests.complete(second, 4096)).isTrue();
        assertThat(requests.token(second)).isEqualTo(42);
        assertThat(requests.complete(first, 512)).isTrue();
        assertThat(requests.token(first)).isEqualTo(41);
        assertThat(requests.outstanding()).isZero();
    }

    @Test
    void shouldUseASlotAgain() {
        for (int i = 0; i < 10; i++) {
            assertThat(add(i)).isTrue();
            final long slot = take(i);
            assertThat(requests.complete(slot, -Errno.EIO)).isTrue();
            assertThat(requests.token(slot)).isEqualTo(40 + i);
        }
        assertThat(requests.outstanding()).isZero();
    }
}
