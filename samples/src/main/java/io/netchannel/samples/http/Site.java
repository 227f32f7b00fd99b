package io.netchannel.samples.http;

import io.netty.handler.codec.http.FullHttpRequest;
import java.io.IOException;

/** What is served. Shared by all event loops, so without state of its own; it runs on them, so it does not wait. */
interface Site {

    /**
     * @param request well-formed; its body stays the caller's
     * @param path decoded, begins with a slash; may hold anything else
     * @throws IOException if what was found can't be read
     */
    Reply answer(FullHttpRequest request, String path) throws IOException;
}
