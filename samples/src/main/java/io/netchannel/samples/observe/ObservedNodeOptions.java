package io.netchannel.samples.observe;

import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TapOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A node on a TAP, for commands whose own options are another program's and not read by picocli. */
@Command
public final class ObservedNodeOptions {

    @Mixin
    public TapOptions link;

    @Mixin
    public NodeOptions options;

    @Mixin
    public ObserveOptions observe;
}
