package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.http.Compression;
import io.netchannel.samples.haproxy.http.CompressionRules;
import io.netchannel.samples.haproxy.http.Compressor;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;

/** One stream's compression, in the order of its life: chosen by the request, allowed by the response, then done. */
final class StreamCompression {

    private static final int ALL_PERCENT = 100;

    private final HttpStream stream;
    private final ProxyServer owner;
    private Compression algorithm;
    private Compressor compressor;

    private StreamCompression(final HttpStream stream, final Compression algorithm) {
        this.stream = stream;
        this.owner = stream.session.frontend.owner();
        this.algorithm = algorithm;
    }

    /** The request goes to the server. @return null: nothing is compressed, for the proxies or the client don't want it */
    static StreamCompression ofRequest(final HttpStream stream) {
        final ProxyOptions front = stream.session.frontend.options();
        final ProxyOptions back = stream.backend().options();
        if (front.compression.isEmpty() && back.compression.isEmpty()) {
            return null;
        }
        final Compression chosen = CompressionRules.ofRequest(stream.request(),
                back.compression.isEmpty() ? front.compression : back.compression);
        if (chosen == null) {
            return null;
        }
        if (chosen != Compression.IDENTITY && (front.compressionOffload || back.compressionOffload)) {
            CompressionRules.hide(stream.request());
        }
        return new StreamCompression(stream, chosen);
    }

    /** The response's head came: rules may ask from now on. */
    void answered(final HttpMessage response, final HttpBody body) {
        final ProxyOptions front = stream.session.frontend.options();
        final ProxyOptions back = stream.backend().options();
        if (body.isDone() || body.isToTheEnd() || isOverLimit() || !CompressionRules.allow(stream.request(), response,
                back.compressionTypes.isEmpty() ? front.compressionTypes : back.compressionTypes)) {
            algorithm = null;
        }
    }

    /** {@code maxcomprate} and {@code maxcompcpuusage}. */
    private boolean isOverLimit() {
        final int maxBusy = owner.configuration().global().get(GlobalOptions.MAX_COMPRESSION_CPU);
        if (maxBusy < ALL_PERCENT && owner.load().busyPercent(stream.loop.nowMs()) > maxBusy) {
            return true;
        }
        final long limit = owner.configuration().global().get(GlobalOptions.MAX_COMPRESSION_RATE);
        return limit > 0 && owner.compressionIn().get(stream.loop.nowMs()) > limit;
    }

    /** After all rules, as the head is written. @return whether the body goes through this */
    boolean begin(final HttpMessage response) {
        if (algorithm == null) {
            return false;
        }
        CompressionRules.mark(response, algorithm);
        if (algorithm != Compression.IDENTITY) {
            final GlobalSettings global = owner.configuration().global();
            compressor = new Compressor(algorithm, global.get(GlobalOptions.COMPRESSION_LEVEL));
        }
        return true;
    }

    /** What is told of it; null: not compressed. */
    String algorithm() {
        return algorithm == null ? null : algorithm.algorithm();
    }

    /** Takes {@code bytes} of {@code in}; {@code out} gets what they become. */
    void add(final ByteBuf in, final int bytes, final ByteBuf out) {
        final int before = out.readableBytes();
        if (compressor == null) {
            out.writeBytes(in, bytes);
        } else {
            compressor.add(in, bytes, out);
        }
        count(bytes, out.readableBytes() - before);
    }

    /** No more is to come. */
    void finish(final ByteBuf out) {
        if (compressor != null) {
            final int before = out.readableBytes();
            compressor.finish(out);
            count(0, out.readableBytes() - before);
            compressor = null;
        }
        stream.session.frontend.counters().compressedResponses++;
        if (stream.backend() != null) {
            stream.backend().counters().compressedResponses++;
        }
    }

    private void count(final long in, final long out) {
        count(stream.session.frontend.counters(), in, out);
        count(stream.backend().counters(), in, out);
        if (compressor != null) {
            owner.compressionIn().add(stream.loop.nowMs(), in);
            owner.compressionOut().add(stream.loop.nowMs(), out);
        }
    }

    private void count(final Counters counters, final long in, final long out) {
        if (compressor == null) {
            counters.compressedBypassed += in;
        } else {
            counters.compressedIn += in;
            counters.compressedOut += out;
        }
    }

    void release() {
        if (compressor != null) {
            compressor.close();
            compressor = null;
        }
    }
}
