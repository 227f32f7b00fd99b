package io.netchannel.tcpip.dhcp;

/** Where a client's messages go: to port 67, from port 68. */
@FunctionalInterface
public interface DhcpOutput {

    /**
     * Sends a message, or loses it: it is sent again until it is answered.
     *
     * @param source our IPv4 address, or 0 before there is one
     * @param destination a server's IPv4 address, or -1 for 255.255.255.255
     */
    void send(byte[] message, int source, int destination);
}
