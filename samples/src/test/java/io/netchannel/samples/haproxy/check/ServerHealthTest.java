package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a server by its checks, its agent, its traffic and those who administer it, and when. */
class ServerHealthTest {

    private final VirtualChecks checks = new VirtualChecks();

    @AfterEach
    void close() {
        checks.close();
    }

    @Test
    void shouldHearAnAnswerThatWaitedWhileTheLoopWasBusy() {
        checks.start("option httpchk", "server s 192.0.2.9:80 check inter 2s rise 1 fall 1");
        checks.accept();
        // The time is over, and the answer is there: the loop reads it before it looks again.
        checks.pass(2_000);
        checks.answerAndClose("HTTP/1.0 200 OK\r\n\r\n");
        checks.pass(1);
        assertThat(checks.server().calls).doesNotContain("STOPPED");
    }

    @Test
    void shouldGoDownAtOnceAtFirstAndComeUpAfterRise() {
        checks.start("server s 192.0.2.9:80 check inter 2s rise 2 fall 3");
        checks.refuse();
        assertThat(checks.server().calls).containsExactly("STOPPED");
        assertThat(checks.logs().lines()).containsExactly(
                "<1>Server be/s is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms. "
                        + "0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.",
                "<0>backend be has no server available!");
        checks.pass(2_000);
        checks.accept();
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.STOPPED);
        checks.pass(2_000);
        checks.pass(0);
        checks.stall(3);
        checks.accept();
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.RUNNING);
        assertThat(checks.logs().lines().getLast()).isEqualTo(
                "<5>Server be/s is UP, reason: Layer4 check passed, check duration: 3ms. 1 active and 0 backup servers "
                        + "online. 0 sessions requeued, 0 total in queue.");
    }

    @Test
    void shouldStayUpUntilItFailedOftenEnough() {
        checks.start("server s 192.0.2.9:80 check inter 1s fastinter 100 downinter 5s rise 1 fall 3");
        checks.accept();
        checks.pass(1_000);
        checks.refuse();
        checks.pass(99);
        assertThat(checks.connections()).hasSize(2);
        checks.pass(1);
        checks.refuse();
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.RUNNING);
        checks.pass(100);
        checks.refuse();
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.STOPPED);
        checks.pass(4_999);
        assertThat(checks.connections()).hasSize(4);
        checks.pass(1);
        assertThat(checks.connections()).hasSize(5);
    }

    @Test
    void shouldTimeOut() {
        checks.start("server s 192.0.2.9:80 check inter 1s");
        checks.timeOut(1_000);
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L4TOUT);
        checks.pass(1_000);
        checks.accept();
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L4OK);
    }

    @Test
    void shouldLogEachCheckWhereAskedTo() {
        checks.start("option log-health-checks", "server s 192.0.2.9:80 check rise 1 fall 2");
        checks.accept();
        checks.refuseNext();
        assertThat(checks.logs().lines()).containsExactly(
                "<5>Health check for server be/s succeeded, reason: Layer4 check passed, check duration: 0ms, status: 2/2 UP.",
                "<5>Health check for server be/s failed, reason: Layer4 connection problem, info: \"Connection refused\", "
                        + "check duration: 0ms, status: 1/2 UP.");
        checks.refuseNext();
        assertThat(checks.logs().lines().get(2)).endsWith("check duration: 0ms, status: 0/1 DOWN.");
        assertThat(checks.logs().lines().get(3))
                .startsWith("<1>Server be/s is DOWN. 0 active and 0 backup servers left.");
    }

    @Test
    void shouldTakeAServerGentlyOutAt404() {
        checks.start("option httpchk", "http-check disable-on-404", "server s 192.0.2.9:80 check");
        checks.accept();
        checks.answer("HTTP/1.0 404 Off\r\n\r\n");
        assertThat(checks.server().calls).containsExactly("STOPPING");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7OKC);
    }

    @Test
    void shouldDoWhatAnAgentSays() {
        checks.start("server s 192.0.2.9:80 agent-check agent-port 9 agent-send hello\\n agent-inter 500");
        checks.accept();
        assertThat(checks.connections()).containsExactly("192.0.2.9:9");
        assertThat(checks.sent()).isEqualTo("hello\n");
        checks.answer("75% maxconn:10 drain\n");
        assertThat(checks.server().calls).containsExactly("DRAIN", "weight 75%", "maxconn 10");
        checks.pass(500);
        checks.accept();
        checks.answer("ready down # disk is full\n");
        assertThat(checks.server().calls).endsWith("READY", "STOPPED");
        assertThat(checks.logs().lines()).first().asString().contains(
                "Server be/s is DOWN, reason: Layer7 wrong status, code: 0, info: \"via agent : down (disk is full)\"");
        checks.pass(500);
        checks.refuse();
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.STOPPED);
        checks.pass(500);
        checks.accept();
        checks.answer("up\r\n");
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.RUNNING);
    }

    @Test
    void shouldLearnFromTraffic() {
        checks.start("server s 192.0.2.9:80 check inter 60s fall 1 observe layer4 error-limit 2 on-error mark-down");
        checks.accept();
        checks.health().observed(ServerHealth.Observed.L4_FAILED, checks.nowMs());
        checks.health().observed(ServerHealth.Observed.L4_OK, checks.nowMs());
        checks.health().observed(ServerHealth.Observed.L4_FAILED, checks.nowMs());
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.RUNNING);
        checks.health().observed(ServerHealth.Observed.L4_FAILED, checks.nowMs());
        assertThat(checks.server().state).isEqualTo(CheckedServer.State.STOPPED);
        assertThat(checks.logs().lines()).first().asString().contains(
                "reason: Health analyze, info: \"Detected 2 consecutive "
                        + "errors, last one was: L4 unsuccessful connection\". 0 active");
    }

    @Test
    void shouldTellOfMaintenance() {
        checks.start("server s 192.0.2.9:80");
        checks.health().admin(CheckedServer.Admin.MAINT, "");
        checks.health().admin(CheckedServer.Admin.READY, "");
        assertThat(checks.logs().lines()).containsExactly(
                "<1>Server be/s is going DOWN for maintenance. 0 active and 0 backup servers left. 0 sessions active, "
                        + "0 requeued, 0 remaining in queue.",
                "<0>backend be has no server available!",
                "<5>Server be/s is UP/READY (leaving forced maintenance).");
    }

    @Test
    void shouldHoldAServerForUpWhenItComesBackFromMaintenance() {
        checks.start("server s 192.0.2.9:80 check inter 2s fall 1");
        checks.refuse();
        assertThat(checks.server().calls).containsExactly("STOPPED");
        checks.health().admin(CheckedServer.Admin.MAINT, "");
        checks.health().admin(CheckedServer.Admin.READY, "");
        assertThat(checks.server().calls).containsExactly("STOPPED", "MAINT", "READY", "RUNNING");
        assertThat(checks.logs().lines().getLast()).contains("Server be/s is UP/READY (leaving forced maintenance).");
        checks.pass(2_000);
        checks.refuse();
        assertThat(checks.server().calls).last().isEqualTo("STOPPED");
    }

    @Test
    void shouldLeaveAFollowersOwnMaintenanceAlone() {
        checks.start("server s 192.0.2.9:80 check inter 2s");
        final TestServer other = new TestServer(checks.server().backend(), checks.server().settings());
        final ServerHealth follower = new ServerHealth(other, checks.logs().of(checks.server().backend()), false);
        checks.health().addFollower(follower);
        checks.health().admin(CheckedServer.Admin.MAINT, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.MAINT);
        checks.health().admin(CheckedServer.Admin.READY, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.READY);
        follower.admin(CheckedServer.Admin.MAINT, "");
        checks.health().admin(CheckedServer.Admin.MAINT, "");
        checks.health().admin(CheckedServer.Admin.READY, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.MAINT);
        follower.admin(CheckedServer.Admin.DRAIN, "");
        checks.health().admin(CheckedServer.Admin.MAINT, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.MAINT);
        checks.health().admin(CheckedServer.Admin.READY, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.DRAIN);
    }
}
