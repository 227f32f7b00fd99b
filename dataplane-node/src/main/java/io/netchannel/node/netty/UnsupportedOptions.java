package io.netchannel.node.netty;

import io.netty.channel.ChannelOption;
import java.util.Map;

/**
 * Netty's options that the node's channels can't have, and what to do instead. Fast Open is not among them: it is a hint, so that
 * to be told by the bootstrap's log that the option is unknown is enough.
 */
final class UnsupportedOptions {

    @SuppressWarnings("deprecation")
    private static final Map<ChannelOption<?>, String> REASONS = Map.of(
            ChannelOption.SO_TIMEOUT, "reads don't block; use ReadTimeoutHandler",
            ChannelOption.IP_MULTICAST_ADDR, "a node has one interface, which groups are joined on; leave it out",
            ChannelOption.IP_MULTICAST_IF, "a node has one interface, which groups are joined on; leave it out");

    private UnsupportedOptions() {
    }

    /** @throws UnsupportedOperationException if nothing comes of it */
    static void refuse(final ChannelOption<?> option, final Object value) {
        final String reason = REASONS.get(option);
        if (reason != null && value != null && !Boolean.FALSE.equals(value)) {
            throw new UnsupportedOperationException(option.name() + "=" + value + " is not supported: " + reason);
        }
    }
}
