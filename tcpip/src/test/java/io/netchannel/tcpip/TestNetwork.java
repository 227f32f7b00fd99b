package io.netchannel.tcpip;

import java.util.List;

/** Hosts on one hub, in virtual time. */
public final class TestNetwork {

    private final List<TestHost> hosts;

    public TestNetwork(final TestHost... hosts) {
        this.hosts = List.of(hosts);
    }

    /** Carries frames until none is left, at the hosts' present time. */
    public void settle() {
        boolean moved = true;
        for (int rounds = 0; moved; rounds++) {
            if (rounds > 1000) {
                throw new AssertionError("the hosts never stop talking");
            }
            moved = false;
            for (final TestHost from : hosts) {
                for (final Frame frame : from.poll(from.nowNs())) {
                    moved = true;
                    for (final TestHost to : hosts) {
                        if (to != from) {
                            to.receive(frame);
                        }
                    }
                }
            }
        }
    }
}
