package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.http.BodyReader;
import io.netchannel.samples.haproxy.http.HeadLimits;
import io.netchannel.samples.haproxy.http.HeadParser;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * A response as far as it came, read anew each time: checks' answers are small.
 *
 * @param head null while it isn't complete
 */
record HttpAnswer(HttpMessage head, String body, boolean complete, boolean invalid) {

    /** @param ended nothing will follow */
    static HttpAnswer parse(final String data, final boolean ended) {
        final HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
        parser.start(false, false);
        // Around an array of its own: nobody has to give it back.
        final ByteBuf in = Unpooled.wrappedBuffer(data.getBytes(StandardCharsets.ISO_8859_1));
        final HeadParser.Progress progress = parser.feed(in);
        if (progress != HeadParser.Progress.DONE) {
            return new HttpAnswer(null, "", false, progress == HeadParser.Progress.INVALID);
        }
        final HttpMessage head = parser.message().copy();
        final BodyReader reader = new BodyReader(HeadLimits.DEFAULT);
        reader.startResponse(head, parser.framing(), false, false, false);
        final StringBuilder body = new StringBuilder();
        int bytes = reader.next(in);
        while (bytes > 0) {
            body.append(in.readCharSequence(bytes, StandardCharsets.ISO_8859_1));
            reader.taken(bytes);
            bytes = reader.next(in);
        }
        return new HttpAnswer(head, body.toString(), reader.done() || ended, bytes == BodyReader.INVALID);
    }
}
