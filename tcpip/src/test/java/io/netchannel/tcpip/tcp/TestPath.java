package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.ip.Path;

/** A path with everything given. */
final class TestPath extends Path {

    private final TestHost host;
    private final long localHigh;
    private final long localLow;
    private final long remoteHigh;
    private final long remoteLow;

    TestPath(final TestHost host, final long localHigh, final long localLow, final long remoteHigh,
            final long remoteLow) {
        this.host = host;
        this.localHigh = localHigh;
        this.localLow = localLow;
        this.remoteHigh = remoteHigh;
        this.remoteLow = remoteLow;
    }

    @Override
    public boolean isIpv6() {
        return localHigh != 0;
    }

    @Override
    public long localHigh() {
        return localHigh;
    }

    @Override
    public long localLow() {
        return localLow;
    }

    @Override
    public long remoteHigh() {
        return remoteHigh;
    }

    @Override
    public long remoteLow() {
        return remoteLow;
    }

    @Override
    public int mtuBytes() {
        return host.mtuBytes;
    }

    @Override
    public void confirmReachable(final long nowNs) {
        host.confirmations++;
    }
}
