package io.netchannel.perf.netserver;

/** How a family of tests writes request, response and results. Stateless. */
sealed interface TestLayout permits OmniLayout, ClassicLayout {

    /** Of a message whose type is this layout's. Nothing is checked yet. */
    TestRequest request(ControlMessage message);

    /**
     * Fills in where the data connection goes.
     *
     * @param sendBufferBytes in effect
     * @param receiveBufferBytes in effect
     */
    void response(ControlMessage into, int requestType, TestRequest request, int dataPort, int sendBufferBytes,
            int receiveBufferBytes);

    void results(ControlMessage into, int requestType, TestRequest request, TestResults results, int sendBufferBytes,
            int receiveBufferBytes);

    /** The layout of a request's type, or null if there is no such test here. */
    static TestLayout of(final int requestType) {
        return switch (requestType) {
            case OmniLayout.DO_OMNI -> OmniLayout.INSTANCE;
            case ClassicLayout.DO_TCP_STREAM, ClassicLayout.DO_TCP_MAERTS, ClassicLayout.DO_TCP_RR,
                    ClassicLayout.DO_TCP_CRR,
                    ClassicLayout.DO_TCP_CC, ClassicLayout.DO_UDP_STREAM, ClassicLayout.DO_UDP_RR ->
                ClassicLayout.INSTANCE;
            default -> null;
        };
    }
}
