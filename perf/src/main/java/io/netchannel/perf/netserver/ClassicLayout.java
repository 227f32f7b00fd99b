package io.netchannel.perf.netserver;

/**
 * The tests from before omni, and TCP_CC, which netperf 2.7 still runs so (nettest_bsd.h). Words of the data:
 *
 * <pre>
 *              stream, maerts                    rr, crr, cc, UDP rr               UDP stream
 *   request    0 send buffer, 1 receive buffer   0 receive buffer, 1 send buffer   0 receive buffer
 *              2 size, 5 no delay, 6 CPU         6 request, 7 response size        1 size, 6 CPU
 *              8 length, 13 port, 14 family      8 no delay, 9 CPU, 11 length      8 length, 11 port, 12 family
 *                                                14 port, 15 family
 *   response   0 receive buffer, 1 size          0 receive buffer, 1 no delay      0 receive buffer, 1 send buffer
 *              2 no delay, 3 CPU, 4 length       2 CPU, 3 length, 4 send buffer    2 CPU, 3 length
 *              5 send buffer, 6 port, 7 rate     5 port, 6 rate                    4 port, 5 rate
 *   results    0 bytes (double), 2 calls         0 bytes, 2 transactions           0 datagrams, 1 bytes
 *              3 seconds, 4 CPU, 6 how, 7 CPUs   3 seconds, 4 CPU, 6 how, 7 CPUs   2 seconds, 3 CPU, 4 how, 5 CPUs
 *              8 receive buffer, 9 send buffer
 * </pre>
 * The answer's type is the request's plus 1, the results' plus 2.
 */
final class ClassicLayout implements TestLayout {

    static final int DO_TCP_STREAM = 10;
    static final int DO_TCP_RR = 13;
    static final int DO_UDP_STREAM = 16;
    static final int DO_UDP_RR = 19;
    static final int DO_TCP_CRR = 34;
    static final int DO_TCP_MAERTS = 94;
    static final int DO_TCP_CC = 300;

    static final ClassicLayout INSTANCE = new ClassicLayout();

    private static final int NO_TRAFFIC_CLASS = -1;
    private static final int NOT_MEASURED = -1;

    private ClassicLayout() {
    }

    @Override
    public TestRequest request(final ControlMessage message) {
        return switch (message.type()) {
            case DO_TCP_STREAM, DO_TCP_MAERTS -> stream(message, message.type() == DO_TCP_MAERTS);
            case DO_UDP_STREAM -> datagrams(message);
            default -> transactions(message, message.type());
        };
    }

    private static TestRequest stream(final ControlMessage message, final boolean transmits) {
        final int size = Sizes.messageBytes(message.word(2), transmits ? message.word(0) : message.word(1));
        return new TestRequest(TestRequest.TCP, !transmits, transmits, false, size, size, size, false, message.word(0),
                message.word(1), message.word(5) != 0, false, message.word(6) != 0, message.word(8), message.word(13),
                0, NO_TRAFFIC_CLASS, "");
    }

    private static TestRequest transactions(final ControlMessage message, final int type) {
        final boolean exchanges = type != DO_TCP_CC;
        return new TestRequest(type == DO_UDP_RR ? TestRequest.UDP : TestRequest.TCP, exchanges, exchanges,
                type == DO_TCP_CRR || type == DO_TCP_CC, message.word(6), message.word(7), message.word(7), false,
                message.word(1), message.word(0), message.word(8) != 0, false, message.word(9) != 0, message.word(11),
                message.word(14), 0, NO_TRAFFIC_CLASS, "");
    }

    private static TestRequest datagrams(final ControlMessage message) {
        final int size = message.word(1);
        return new TestRequest(TestRequest.UDP, true, false, false, size, size, size, true, 0, message.word(0), false,
                false, message.word(6) != 0, message.word(8), message.word(11), 0, NO_TRAFFIC_CLASS, "");
    }

    @Override
    public void response(final ControlMessage into, final int requestType, final TestRequest request,
            final int dataPort, final int sendBufferBytes, final int receiveBufferBytes) {
        into.reset(requestType + 1, ControlMessage.ERRNO_NONE).word(0, receiveBufferBytes);
        final int noDelay = request.noDelay() ? 1 : 0;
        final int cpu = request.measuresCpu() ? 1 : 0;
        final int rate = request.measuresCpu() ? HostCpu.TICKS_PER_SECOND : 0;
        switch (requestType) {
            case DO_TCP_STREAM, DO_TCP_MAERTS -> into.word(1, request.messageBytes()).word(2, noDelay).word(3, cpu)
                    .word(4, request.length()).word(5, sendBufferBytes).word(6, dataPort).real(7, rate);
            case DO_UDP_STREAM -> into.word(1, sendBufferBytes).word(2, cpu).word(3, request.length())
                    .word(4, dataPort).real(5, rate);
            default -> into.word(1, noDelay).word(2, cpu).word(3, request.length()).word(4, sendBufferBytes)
                    .word(5, dataPort).real(6, rate);
        }
    }

    @Override
    public void results(final ControlMessage into, final int requestType, final TestRequest request,
            final TestResults results, final int sendBufferBytes, final int receiveBufferBytes) {
        into.reset(requestType + 2, ControlMessage.ERRNO_NONE);
        final double busy = results.cpu() == null ? NOT_MEASURED : results.cpu().busy();
        final int method = results.cpu() == null ? HostCpu.METHOD_UNKNOWN : HostCpu.METHOD_PROC_STAT;
        switch (requestType) {
            case DO_TCP_STREAM -> into.doubleReal(0, results.receivedBytes()).word(2, (int) results.receives())
                    .real(3, results.elapsedSeconds()).real(4, busy).real(5, NOT_MEASURED).word(6, method)
                    .word(7, HostCpu.COUNT).word(8, receiveBufferBytes).word(9, sendBufferBytes);
            case DO_TCP_MAERTS -> into.doubleReal(0, results.sentBytes()).word(2, (int) results.sends())
                    .real(3, results.elapsedSeconds()).real(4, busy).real(5, NOT_MEASURED).word(6, method)
                    .word(7, HostCpu.COUNT);
            case DO_UDP_STREAM -> into.word(0, (int) results.receives()).word(1, (int) results.receivedBytes())
                    .real(2, results.elapsedSeconds()).real(3, busy).word(4, method).word(5, HostCpu.COUNT);
            default -> into.word(0, (int) (results.receivedBytes() + results.sentBytes()))
                    .word(1, (int) results.receives()).word(2, (int) results.transactions())
                    .real(3, results.elapsedSeconds()).real(4, busy).real(5, NOT_MEASURED).word(6, method)
                    .word(7, HostCpu.COUNT);
        }
    }
}
