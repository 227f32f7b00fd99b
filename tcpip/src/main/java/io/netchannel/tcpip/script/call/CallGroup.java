package io.netchannel.tcpip.script.call;

/** Some of the calls. */
interface CallGroup {

    /**
     * The operation of a call that is about to begin.
     *
     * @return null if the call is none of this group
     * @throws SystemCalls.UnsupportedCall as {@link SystemCalls#begin}
     */
    PendingCall.Operation operation(String name, Arguments arguments, long expectedResult);
}
