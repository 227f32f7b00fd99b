package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All sockets that a configuration listens at: those of the one before it that have the same address, and new ones. Threading:
 * confined to who starts a configuration, and {@link #takeOver} to the loop after that.
 */
public final class ListeningSockets {

    private final Map<Object, ListeningSocket> sockets = new HashMap<>();
    private ListeningSockets before;

    /** @param before whose sockets are there already, or null */
    public ListeningSockets(final ListeningSockets before) {
        this.before = before;
    }

    private ListeningSocket inherited(final Object key) {
        final ListeningSocket old = before == null || sockets.containsKey(key) ? null : before.sockets.get(key);
        return old == null || !old.isOpen() ? null : old;
    }

    /** @throws IOException as {@link Transport#listen} */
    public ListeningSocket open(final Transport transport, final Address address, final BindSettings bind,
            final int backlog, final Consumer<Channel> accepted) throws IOException {
        final Object key = key(address);
        final ListeningSocket old = inherited(key);
        final ListeningSocket socket = old != null
                ? old.successor(accepted)
                : ListeningSocket.open(told -> transport.listen(address, bind, backlog, told), accepted);
        sockets.put(key, socket);
        return socket;
    }

    /** However the host was written. */
    private static Object key(final Address address) {
        return address instanceof final Address.Ip ip ? new InetSocketAddress(ip.ip(), ip.port()) : address;
    }

    /** From now on what comes in is this configuration's. */
    public void takeOver() {
        before = null;
        sockets.values().forEach(ListeningSocket::takeOver);
    }
}
