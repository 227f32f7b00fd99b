package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.rule.RuleSet;
import io.netchannel.samples.haproxy.rule.Verdict;
import io.netchannel.samples.haproxy.stick.Sticking;
import io.netchannel.samples.haproxy.stick.StickSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A connection in mode tcp: bytes both ways, until both sides are through. */
final class TcpStream extends Stream {

    private enum Phase {
        FRONT_RULES, BACK_RULES, DISPATCH, TRANSFER, OVER
    }

    private final Sticking sticking = new Sticking();
    private Phase phase = Phase.FRONT_RULES;
    private Direction direction = Direction.REQUEST;
    private boolean inspecting;
    private boolean inspected;
    private boolean answerChecked;

    TcpStream(final Session session) {
        super(session);
    }

    void start() {
        clientWithin(session.frontend.options().clientMs);
        rules();
    }

    private void rules() {
        if (phase == Phase.FRONT_RULES) {
            final ProxyOptions options = session.frontend.options();
            if (!pass(options.tcpContent, options.requestInspectMs)) {
                return;
            }
            final Backend chosen = session.frontend.choose(this);
            if (chosen == null) {
                terminate('S', 'C');
                end();
                return;
            }
            backend(chosen);
            phase = Phase.BACK_RULES;
            inspecting = false;
            inspected = false;
        }
        if (phase == Phase.BACK_RULES) {
            final boolean other = !backend().name().equals(session.frontend.name());
            if (other && !pass(backend().options().tcpContent, backend().options().requestInspectMs)) {
                return;
            }
            toServer();
        }
    }

    private boolean pass(final RuleSet rules, final long inspectMs) {
        if (rules.isEmpty()) {
            return true;
        }
        final Verdict verdict = rules.evaluate(this, cursor);
        if (verdict == Verdict.WAIT) {
            if (inspectMs > 0 && !inspecting) {
                inspecting = true;
                step(inspectMs);
            }
            return false;
        }
        step(0);
        if (verdict == Verdict.CONTINUE || verdict == Verdict.ACCEPT) {
            return true;
        }
        session.frontend.counters().deniedRequests++;
        terminate('P', 'R');
        end();
        return false;
    }

    private void toServer() {
        phase = Phase.DISPATCH;
        Server direct = null;
        for (final TrafficSettings.ServerRule rule : backend().section().get(TrafficSettings.SERVER_RULES)) {
            if (rule.condition() == null || rule.condition().test(this)) {
                final Server named = backend().server(rule.name().apply(this));
                direct = named != null && named.isUp() ? named : null;
                break;
            }
        }
        if (direct == null) {
            direct = RdpPersistence.server(backend(), payload());
        }
        if (!backend().section().get(StickSettings.REQUEST_RULES).isEmpty()) {
            final Server[] found = {direct};
            sticking.request(backend().section().get(StickSettings.REQUEST_RULES), this, direct != null, (key, id) -> {
                final Server stuck = backend().stuck(key, id);
                if (stuck == null || !stuck.isUsable()) {
                    return false;
                }
                found[0] = stuck;
                return true;
            });
            direct = found[0];
        }
        dispatch(direct, false);
    }

    @Override
    void ready() {
        phase = Phase.TRANSFER;
        if (session.frontend.options().logAsSoonAsPossible) {
            writeLog();
        }
        session.frontend.counters().requests++;
        if (!backend().section().get(StickSettings.RESPONSE_RULES).isEmpty()) {
            sticking.response(backend().section().get(StickSettings.RESPONSE_RULES), this, backend().stuck(server()));
        }
        active(true, true);
        move(client, serverConnection());
        if (!isEnded() && serverConnection().available() > 0) {
            serverReceived();
        }
    }

    private void active(final boolean ofClient, final boolean ofServer) {
        final long idleMs = tunnelMs();
        if (ofClient) {
            clientWithin(idleMs > 0
                    ? idleMs
                    : client.isInputEnded() && session.frontend.options().clientFinMs > 0
                            ? session.frontend.options().clientFinMs
                            : session.frontend.options().clientMs);
        }
        if (ofServer) {
            serverWithin(idleMs > 0
                    ? idleMs
                    : serverConnection().isInputEnded() && backend().options().serverFinMs > 0
                            ? backend().options().serverFinMs
                            : serverMs());
        }
    }

    private void move(final Wire from, final Wire to) {
        if (from.input != null && from.input.isReadable()) {
            to.send(from.input.readRetainedSlice(from.portion(from.input.readableBytes())));
        }
        from.hold(!to.takesMore());
        active(from == client || !session.frontend.options().independentStreams,
                from != client || !backend().options().independentStreams);
        if (from.isInputEnded() && from.available() == 0) {
            to.endOutput();
            if (to.isInputEnded() && to.available() == 0) {
                end();
            }
        }
    }

    @Override
    void clientReceived() {
        if (phase == Phase.TRANSFER) {
            move(client, serverConnection());
        } else if (phase == Phase.FRONT_RULES || phase == Phase.BACK_RULES) {
            clientWithin(session.frontend.options().clientMs);
            rules();
        }
    }

    @Override
    void serverReceived() {
        if (phase != Phase.TRANSFER) {
            return;
        }
        if (!answerChecked && !responsePasses()) {
            return;
        }
        if (times().dataMs < 0) {
            times().dataMs = elapsedMs();
        }
        move(serverConnection(), client);
    }

    private boolean responsePasses() {
        final RuleSet rules = backend().options().tcpResponse;
        if (!rules.isEmpty()) {
            direction = Direction.RESPONSE;
            final Verdict verdict = rules.evaluate(this, cursor);
            if (verdict == Verdict.WAIT) {
                if (backend().options().responseInspectMs > 0 && !inspected) {
                    inspected = true;
                    step(backend().options().responseInspectMs);
                }
                return false;
            }
            step(0);
            if (verdict != Verdict.CONTINUE && verdict != Verdict.ACCEPT) {
                if (verdict != Verdict.CLOSE) {
                    session.frontend.counters().deniedResponses++;
                    backend().counters().deniedResponses++;
                }
                terminate('P', 'D');
                end();
                return false;
            }
        }
        answerChecked = true;
        return true;
    }

    @Override
    void clientEnded() {
        if (phase == Phase.TRANSFER) {
            move(client, serverConnection());
        } else if (phase == Phase.DISPATCH) {
            if (backend().options().abortOnClose || client.available() == 0 && bytesFromClient() == 0) {
                terminate('C', dispatch() != null && dispatch().isQueued() ? 'Q' : 'C');
                end();
            }
        } else {
            rules();
            if (!isEnded() && (phase == Phase.FRONT_RULES || phase == Phase.BACK_RULES)) {
                terminate('C', 'R');
                end();
            }
        }
    }

    @Override
    void clientLost() {
        if (isEnded()) {
            return;
        }
        if (client.isFailed() || phase != Phase.TRANSFER) {
            terminate('C', phase == Phase.TRANSFER
                    ? 'D'
                    : phase == Phase.DISPATCH
                            ? dispatch() != null && dispatch()
                                    .isQueued() ? 'Q' : 'C'
                            : 'R');
            session.frontend.counters().clientAborts++;
        }
        end();
    }

    @Override
    void serverEnded() {
        if (phase == Phase.TRANSFER) {
            if (!answerChecked && serverConnection().available() > 0 && !responsePasses()) {
                return;
            }
            if (!isEnded()) {
                move(serverConnection(), client);
            }
        }
    }

    @Override
    void serverLost() {
        if (isEnded()) {
            return;
        }
        if (serverConnection().isFailed()) {
            terminate('S', 'D');
            backend().counters().serverAborts++;
        }
        end();
    }

    @Override
    void clientWritable() {
        final ServerConnection connection = serverConnection();
        if (connection != null && connection.isHeld()) {
            move(connection, client);
        }
    }

    @Override
    void serverWritable() {
        if (client.isHeld() && phase == Phase.TRANSFER) {
            move(client, serverConnection());
        }
    }

    @Override
    void dispatchFailed(final Failure failure) {
        terminate(failure.cause(), failure.phase());
        end();
    }

    @Override
    void stepOver() {
        if (phase == Phase.FRONT_RULES || phase == Phase.BACK_RULES) {
            inspected = true;
            rules();
        } else if (phase == Phase.TRANSFER && !answerChecked) {
            serverReceived();
        }
    }

    @Override
    void clientTimeOver() {
        terminate('c', phase == Phase.TRANSFER ? 'D' : phase == Phase.DISPATCH ? 'C' : 'R');
        end();
    }

    @Override
    void serverTimeOver() {
        terminate('s', 'D');
        end();
    }

    private void end() {
        if (isEnded()) {
            return;
        }
        phase = Phase.OVER;
        final ServerConnection connection = giveUpConnection();
        if (connection != null) {
            connection.close();
        }
        finish();
        client.close();
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public ByteBuf payload() {
        if (direction == Direction.REQUEST) {
            return super.payload();
        }
        final ServerConnection connection = serverConnection();
        return connection == null || connection.input == null ? Unpooled.EMPTY_BUFFER : connection.input;
    }

    @Override
    public boolean payloadComplete() {
        return inspected || direction == Direction.REQUEST && super.payloadComplete();
    }
}
