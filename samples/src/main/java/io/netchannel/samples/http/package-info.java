/**
 * An HTTP server, HTTP/1.1 and HTTP/2, of Netty's codecs: on a node through {@code io.netchannel.node.netty}, or on Netty's NIO
 * transport with the same handlers.
 *
 * <p>Threading: a connection and all its streams belong to one event loop; {@link io.netchannel.samples.http.Site}s are shared
 * and immutable.
 */
package io.netchannel.samples.http;
