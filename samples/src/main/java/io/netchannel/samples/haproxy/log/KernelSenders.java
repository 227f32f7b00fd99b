package io.netchannel.samples.haproxy.log;

import io.netty.channel.IoEventLoop;
import java.util.function.Function;

/** Makes senders over the kernel's sockets. */
final class KernelSenders implements Function<LogServer.Destination, LineSender> {

    /** Takes nothing: all is counted as dropped. */
    private static final LineSender NOWHERE = new LineSender() {

        @Override
        public boolean send(final String line) {
            return false;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    private static final long PAUSE_MS = 1_000;

    private final IoEventLoop loop;

    KernelSenders(final IoEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public LineSender apply(final LogServer.Destination destination) {
        if (destination instanceof LogServer.Descriptor(int fd)) {
            return new DescriptorSender(fd);
        }
        final LineSender sender = DatagramSender.open(loop, destination, PAUSE_MS);
        return sender == null ? NOWHERE : sender;
    }
}
