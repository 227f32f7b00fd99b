package io.netchannel.kernel.sched;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DescriptorsTest {

    private static final int CLOSED_FD = 1_000_000;

    private final EventFdDoorbell bell = new EventFdDoorbell();
    private final EventFdDoorbell other = new EventFdDoorbell();
    private final Descriptors descriptors = new Descriptors(bell.fd());

    @AfterEach
    void close() {
        bell.close();
        other.close();
    }

    @Test
    void shouldTellTheBellFromOthers() {
        descriptors.begin(0);
        descriptors.add(-1);
        descriptors.add(other.fd());
        assertThat(descriptors.await(0)).isZero();
        other.ring();
        assertThat(descriptors.await(-1)).isEqualTo(1);
        assertThat(descriptors.isBellReady()).isFalse();
        bell.ring();
        assertThat(descriptors.await(-1)).isEqualTo(2);
        assertThat(descriptors.isBellReady()).isTrue();
        assertThat(descriptors.muteErrors(0)).isZero();
    }

    @Test
    void shouldForgetTheLastSet() {
        descriptors.begin(0);
        descriptors.add(other.fd());
        other.ring();
        assertThat(descriptors.await(0)).isEqualTo(1);
        descriptors.begin(0);
        assertThat(descriptors.await(0)).isZero();
        assertThat(descriptors.isBellReady()).isFalse();
    }

    @Test
    void shouldTakeAnyNumber() {
        descriptors.begin(0);
        for (int i = 0; i < 100; i++) {
            descriptors.add(other.fd());
        }
        other.ring();
        assertThat(descriptors.await(-1)).isEqualTo(100);
    }

    @Test
    void shouldLeaveADescriptorInErrorOutForAWhile() {
        descriptors.begin(1_000);
        assertThat(descriptors.nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
        descriptors.add(CLOSED_FD);
        assertThat(descriptors.await(-1)).isEqualTo(1);
        assertThat(descriptors.isBellReady()).isFalse();
        assertThat(descriptors.muteErrors(1_000)).isEqualTo(1);

        final long againNs = 1_000 + Descriptors.MUTE_NS;
        descriptors.begin(againNs - 1);
        assertThat(descriptors.nextDeadlineNs()).isEqualTo(againNs);
        descriptors.add(CLOSED_FD);
        assertThat(descriptors.await(0)).isZero();

        descriptors.begin(againNs);
        assertThat(descriptors.nextDeadlineNs()).isEqualTo(Poller.NO_DEADLINE);
        descriptors.add(CLOSED_FD);
        assertThat(descriptors.await(0)).isEqualTo(1);
    }
}
