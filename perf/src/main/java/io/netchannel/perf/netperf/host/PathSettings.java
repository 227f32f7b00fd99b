package io.netchannel.perf.netperf.host;

import io.netchannel.tcpip.tcp.TcpConfig;

/**
 * What all paths of a run have in common.
 *
 * @param loops of each side, where a side has loops
 * @param connections that are busy at a time, at most
 * @param idle connections that are open besides
 * @param tcp settings of our stack
 * @param verify whether received bytes are looked at
 */
public record PathSettings(int loops, int connections, int idle, TcpConfig tcp, boolean verify) {
}
