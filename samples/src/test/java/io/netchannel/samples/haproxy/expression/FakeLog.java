package io.netchannel.samples.haproxy.expression;

import java.net.InetSocketAddress;

/** What a log knows of a stream that the proxy itself answered. */
record FakeLog(String requestLine, String[] requestCaptures, String[] responseCaptures) implements LogFacts {

    @Override
    public long acceptMs() {
        return 1_466_074_440_007L;
    }

    @Override
    public long requestMs() {
        return 1_466_074_441_123L;
    }

    @Override
    public long timer(final String name) {
        return name.equals("Tt") ? 5 : -1;
    }

    @Override
    public String terminationState(final boolean http) {
        return http ? "LR--" : "LR";
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public long bytesToClient() {
        return 77;
    }

    @Override
    public long bytesFromClient() {
        return 66;
    }

    @Override
    public long count(final String name) {
        return 0;
    }

    @Override
    public boolean redispatched() {
        return false;
    }

    @Override
    public InetSocketAddress backendSource() {
        return null;
    }

    @Override
    public InetSocketAddress serverAddress() {
        return null;
    }

    @Override
    public String[] captured(final SampleContext.Direction direction) {
        return direction == SampleContext.Direction.REQUEST ? requestCaptures : responseCaptures;
    }

    @Override
    public String capturedCookie(final SampleContext.Direction direction) {
        return null;
    }

    @Override
    public String uniqueId() {
        return null;
    }

    @Override
    public long requestCounter() {
        return 1;
    }

    @Override
    public long logCounter() {
        return 300;
    }
}
