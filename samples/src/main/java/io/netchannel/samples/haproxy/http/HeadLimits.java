package io.netchannel.samples.haproxy.http;

/**
 * How large a message's head may be.
 *
 * @param headBytes {@code tune.bufsize} less {@code tune.maxrewrite}
 * @param fields {@code tune.http.maxhdr}, which counts the start line as one
 * @param payloadWithAnyMethod {@code h1-accept-payload-with-any-method}: in HTTP/1.0 too
 */
public record HeadLimits(int headBytes, int fields, boolean payloadWithAnyMethod) {

    /** Of haproxy's defaults: 16384 − 1024, and 101. */
    public static final HeadLimits DEFAULT = new HeadLimits(15_360, 101, false);
}
