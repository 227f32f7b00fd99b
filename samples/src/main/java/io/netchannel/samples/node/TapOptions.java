package io.netchannel.samples.node;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.TapLink;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.virtio.device.TapException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of a command whose node is on a TAP. */
public final class TapOptions {

    @Option(names = "--tap", required = true, paramLabel = "NAME", description = "TAP device to create; it goes away with this program.")
    private String tap;

    @Option(names = "--host-address", paramLabel = "PREFIX", converter = TextConverter.Prefix.class, description = "Address to give to the host's end of the TAP, one IPv4 and any number of IPv6. Without it, configure the host yourself.")
    private List<IpPrefix> hostAddresses = List.of();

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500", description = "MTU of the link, 1280 to 65535 (default: ${DEFAULT-VALUE}).")
    private int mtuBytes;

    public String tap() {
        return tap;
    }

    /** @throws CommandLine.ParameterException naming what is wrong with the options */
    public DataplaneNode open(final CommandLine commandLine, final NodeConfig config) {
        try {
            return DataplaneNode.open(config, new TapLink(tap, hostAddresses, mtuBytes));
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine, e.getMessage(), e);
        } catch (final TapException e) {
            if (e.reason() == TapException.Reason.BAD_NAME) {
                throw new CommandLine.ParameterException(commandLine, e.getMessage(), e);
            }
            throw e;
        }
    }
}
