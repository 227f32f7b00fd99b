package io.netchannel.perf.netperf.host;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;

/** The classes of one of Netty's transports. */
record NettyChannels(Class<? extends Channel> socket, Class<? extends ServerChannel> server,
        Class<? extends DatagramChannel> datagram) {
}
