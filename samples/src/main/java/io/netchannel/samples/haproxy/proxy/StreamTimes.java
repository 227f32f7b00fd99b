package io.netchannel.samples.haproxy.proxy;

/** When a stream came how far: milliseconds after the session's accept on the loop's clock, -1 where it didn't come. */
final class StreamTimes {

    long acceptMs;
    long acceptWallMs;
    long requestWallMs;
    long handshakeMs;
    long idleMs = -1;
    long requestMs = -1;
    long queueMs = -1;
    long connectMs = -1;
    long dataMs = -1;
    long closeMs;

    /** haproxy's {@code %Tx}, by its name. */
    long timer(final String name, final boolean http) {
        return switch (name) {
            case "Th" -> handshakeMs;
            case "Ti" -> idleMs;
            case "TR" -> requestMs < 0 ? -1 : requestMs - Math.max(0, idleMs) - handshakeMs;
            case "Tq" -> requestMs;
            case "Tw" -> waitedMs();
            case "Tc" -> connectedInMs();
            case "Tr" -> answeredInMs();
            case "Td" -> http ? dataMs < 0 ? -1 : closeMs - dataMs : connectMs < 0 ? -1 : closeMs - connectMs;
            case "Ta" -> closeMs - (idleMs < 0 ? 0 : idleMs + handshakeMs);
            case "Tt" -> closeMs;
            case "Tu" -> closeMs - Math.max(0, idleMs);
            default -> -1;
        };
    }

    /** {@code %Tw} */
    long waitedMs() {
        final long request = requestMs < 0 ? idleMs < 0 ? -1 : idleMs + handshakeMs : requestMs;
        return queueMs < 0 ? -1 : queueMs - Math.max(0, request);
    }

    /** {@code %Tc} */
    long connectedInMs() {
        return connectMs < 0 ? -1 : connectMs - queueMs;
    }

    /** {@code %Tr} */
    long answeredInMs() {
        return dataMs < 0 ? -1 : dataMs - connectMs;
    }
}
