package io.netchannel.perf.netserver;

import io.netchannel.perf.netserver.HostCpu.Utilization;

/**
 * The omni test, by which netperf 2.7 runs all its BSD socket tests (nettest_bsd.h, {@code omni_request_struct} and its
 * answers). Words of the data:
 *
 * <pre>
 *   request   0 send buffer    1 send size      5 request size   6 receive buffer  7 receive size  11 response size
 *            12 flags         13 CPU rate (float)                14 length        20 data port     21 address family
 *            22 socket type   23 protocol      24 direction      25 client's port                  37 type of service
 *            38 congestion control, 16 bytes of text
 *   response  0 receive buffer 1 receive size   3 send buffer     4 send size      6 flags          7 CPU rate (float)
 *             8 length        11 data port     16 priority       17 type of service
 *   results   0 received bytes, high word       1 low word        2 receives       3 receive buffer
 *             4 sent bytes, high word           5 low word        6 sends          7 send buffer
 *             8 failed sends   9 transactions  10 seconds (float)                 11 CPU: busy, user, system, I/O
 *            16 soft interrupts (floats, %)    17 service demand (float)          18 how measured   19 CPUs
 *            20 busiest CPU   21 its per cent (float)             22 PCI ids, 4   26 retransmits
 *            27 text: interface 16, driver 32, version 32, firmware 32, bus 32, slot 16, congestion control 16 bytes
 * </pre>
 */
final class OmniLayout implements TestLayout {

    static final int DO_OMNI = 97;
    static final int OMNI_RESPONSE = 98;
    static final int OMNI_RESULTS = 99;

    static final int XMIT = 2;
    static final int RECV = 4;

    static final int FLAG_NO_DELAY = 0x1;
    static final int FLAG_CONNECT_TEST = 0x4;
    static final int FLAG_MEASURE_CPU = 0x8;
    static final int FLAG_KEEPALIVE = 0x8000_0000;

    static final OmniLayout INSTANCE = new OmniLayout();

    private static final int CONGESTION_CONTROL_BYTES = 16;
    private static final int RESULTS_TEXT = 27;
    private static final int RESULTS_CONGESTION_CONTROL_OFFSET = 160;

    private OmniLayout() {
    }

    @Override
    public TestRequest request(final ControlMessage message) {
        final int flags = message.word(12);
        final int direction = message.word(24);
        final int requestBytes = message.word(5);
        final int responseBytes = message.word(11);
        return new TestRequest(message.word(23), (direction & RECV) != 0, (direction & XMIT) != 0,
                (flags & FLAG_CONNECT_TEST) != 0, requestBytes > 0 ? requestBytes : sizeOf(message.word(7)),
                responseBytes > 0 ? responseBytes : sizeOf(message.word(1)),
                Sizes.messageBytes(message.word(1), message.word(0)), false, message.word(0), message.word(6),
                (flags & FLAG_NO_DELAY) != 0, (flags & FLAG_KEEPALIVE) != 0, (flags & FLAG_MEASURE_CPU) != 0,
                message.word(14), message.word(20), message.word(25), message.word(37),
                message.text(38, CONGESTION_CONTROL_BYTES));
    }

    private static int sizeOf(final int asked) {
        return asked > 0 ? asked : Sizes.DEFAULT_MESSAGE_BYTES;
    }

    @Override
    public void response(final ControlMessage into, final int requestType, final TestRequest request,
            final int dataPort, final int sendBufferBytes, final int receiveBufferBytes) {
        into.reset(OMNI_RESPONSE, ControlMessage.ERRNO_NONE).word(0, receiveBufferBytes)
                .word(1, request.requestBytes()).word(2, 1).word(3, sendBufferBytes)
                .word(4, request.receives() ? request.responseBytes() : request.messageBytes()).word(5, 1)
                .word(6, (request.noDelay() ? FLAG_NO_DELAY : 0) | (request.measuresCpu() ? FLAG_MEASURE_CPU : 0))
                .real(7, request.measuresCpu() ? HostCpu.TICKS_PER_SECOND : 0).word(8, request.length())
                .word(11, dataPort).word(17, request.trafficClass());
    }

    @Override
    public void results(final ControlMessage into, final int requestType, final TestRequest request,
            final TestResults results, final int sendBufferBytes, final int receiveBufferBytes) {
        into.reset(OMNI_RESULTS, ControlMessage.ERRNO_NONE).word(0, (int) (results.receivedBytes() >>> Integer.SIZE))
                .word(1, (int) results.receivedBytes()).word(2, (int) results.receives()).word(3, receiveBufferBytes)
                .word(4, (int) (results.sentBytes() >>> Integer.SIZE)).word(5, (int) results.sentBytes())
                .word(6, (int) results.sends()).word(7, sendBufferBytes).word(8, (int) results.failedSends())
                .word(9, (int) results.transactions()).real(10, results.elapsedSeconds())
                .word(18, HostCpu.METHOD_UNKNOWN).word(19, HostCpu.COUNT).word(26, (int) results.retransmits())
                .text(RESULTS_TEXT, RESULTS_CONGESTION_CONTROL_OFFSET, CONGESTION_CONTROL_BYTES,
                        results.congestionControl());
        final Utilization cpu = results.cpu();
        if (cpu != null) {
            into.real(11, cpu.busy()).real(12, cpu.user()).real(13, cpu.system()).real(14, cpu.ioWait())
                    .real(15, cpu.interrupt()).real(16, cpu.softInterrupt()).word(18, HostCpu.METHOD_PROC_STAT)
                    .word(20, cpu.busiest()).real(21, cpu.busiestPercent());
        }
    }
}
