package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;

/** Gets the answer, exactly once and never before {@link Resolver#resolve} returns, on the stack's thread. */
public interface DnsCallback {

    /** @param addresses at least one, the one to try first first */
    void onResolved(String name, List<IpAddress> addresses);

    void onFailed(String name, DnsFailure failure);
}
