package io.netchannel.samples.haproxy.log;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A {@code log} line.
 *
 * @param maxLengthBytes of a whole line; what is beyond is cut
 * @param format null: local, or rfc3164 if log-send-hostname gives a name
 * @param sampling null: every message
 * @param level messages above it (less severe) are not sent
 * @param minLevel more severe messages are sent as this
 */
record LogServer(Destination destination, int maxLengthBytes, LineFormat format, Sampling sampling, int facility,
        int level, int minLevel) {

    static final int DEFAULT_LENGTH_BYTES = 1024;

    /** Where lines go. */
    sealed interface Destination {
    }

    record Udp(InetSocketAddress address) implements Destination {
    }

    record UnixDatagram(String path) implements Destination {
    }

    /** 1 standard output, 2 standard error. */
    record Descriptor(int fd) implements Destination {
    }

    /** Of each {@code size} messages, those whose number lies in a range. Ranges don't overlap, and are in order. */
    record Sampling(List<Range> ranges, int size) {
    }

    /** Both included, from 1. */
    record Range(int low, int high) {
    }
}
