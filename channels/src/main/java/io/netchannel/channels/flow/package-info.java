/**
 * Which loop a received packet is for.
 *
 * <p>{@link io.netchannel.channels.flow.FlowClassifier} validates the headers of a frame, makes a
 * {@link io.netchannel.channels.flow.FlowKey} of them, hashes it with {@link io.netchannel.channels.flow.RssHash}, asks
 * {@link io.netchannel.channels.flow.RssIndirection} which loop the hash belongs to, and looks for an exact flow in
 * that loop's {@link io.netchannel.channels.flow.FlowTable}, then for a listener in the {@link
 * io.netchannel.channels.flow.ListenerTable}. {@link io.netchannel.channels.flow.FlowFilter} has a say in it; its
 * verdict is kept with the flow. The answer is one of {@link io.netchannel.channels.flow.Verdict}.
 */
package io.netchannel.channels.flow;
