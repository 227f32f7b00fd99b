package io.netchannel.perf.netserver;

/**
 * What a client asks the data connection to be, whichever layout it came in.
 *
 * @param protocol of IP: TCP or UDP, else it is refused
 * @param receives whether the server reads data
 * @param transmits whether the server writes data; with {@code receives} it answers requests
 * @param connectionPerTransaction whether each transaction has a connection of its own
 * @param requestBytes of a request, if it does both
 * @param responseBytes of a response, if it does both
 * @param messageBytes of each send, if it only transmits
 * @param endsAtOtherLength a datagram of another length than {@code requestBytes} is the last (classic UDP_STREAM); else
 *            an empty one is
 * @param sendBufferBytes 0 or less: as configured
 * @param receiveBufferBytes as {@code sendBufferBytes}
 * @param noDelay whether Nagle's algorithm is off
 * @param keepAlive whether an idle connection is probed
 * @param measuresCpu whether the client wants to know how busy the CPUs are
 * @param length seconds; if negative, so many transactions or bytes; 0 until the client ends it
 * @param dataPort to listen on, or 0
 * @param peerPort of the client's datagrams, if the server only transmits
 * @param trafficClass of packets, or negative for the default
 * @param congestionControl Linux's name, or empty
 */
record TestRequest(int protocol, boolean receives, boolean transmits, boolean connectionPerTransaction,
        int requestBytes, int responseBytes, int messageBytes, boolean endsAtOtherLength, int sendBufferBytes,
        int receiveBufferBytes, boolean noDelay, boolean keepAlive, boolean measuresCpu, int length, int dataPort,
        int peerPort, int trafficClass, String congestionControl) {

    static final int TCP = 6;
    static final int UDP = 17;

    // Linux's numbers: the client prints its own strerror() of them.
    private static final int EINVAL = 22;
    private static final int EMSGSIZE = 90;
    private static final int EPROTONOSUPPORT = 93;

    private static final int MAX_DATAGRAM_BYTES = 65507;
    private static final int MAX_TRAFFIC_CLASS = 255;

    boolean isUdp() {
        return protocol == UDP;
    }

    boolean isTransaction() {
        return receives == transmits;
    }

    /** @return errno for what can't be served; 0 if all can */
    int errno() {
        if (protocol != TCP && protocol != UDP) {
            return EPROTONOSUPPORT;
        }
        final boolean badSize = receives && transmits && (requestBytes < 1 || responseBytes < 1)
                || transmits && !receives && messageBytes < 1;
        if (badSize || dataPort < 0 || dataPort > 0xFFFF || peerPort < 0 || peerPort > 0xFFFF
                || trafficClass > MAX_TRAFFIC_CLASS || isUdp() && (connectionPerTransaction || !receives && !transmits)
                || isUdp() && !receives && peerPort == 0) {
            return EINVAL;
        }
        final int sent = receives ? responseBytes : messageBytes;
        return isUdp() && transmits && sent > MAX_DATAGRAM_BYTES ? EMSGSIZE : ControlMessage.ERRNO_NONE;
    }
}
