package io.netchannel.samples.memcached;

import io.netchannel.samples.node.NodeOptions;
import io.netchannel.samples.node.TapOptions;
import io.netchannel.samples.observe.ObserveOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What is not memcached's own on its command line, for a node on a TAP. */
@Command(name = "memcached")
final class NodeArguments {

    @Mixin
    TapOptions link;

    @Mixin
    NodeOptions options;

    @Mixin
    ObserveOptions observe;
}
