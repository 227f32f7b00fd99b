package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.http.Framing;
import io.netchannel.samples.haproxy.http.HeadWriter;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.proxy.TrafficSettings.ConnectionMode;
import io.netchannel.samples.haproxy.rule.CaptureSlots;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;

/** Heads as they leave: what a hop adds and takes away, above all Connection (RFC 9110 section 7.6.1). */
final class HttpHeads {

    private static final String CONNECTION = "connection";
    private static final int NO_CONTENT = 204;

    private final HttpStream stream;
    private boolean clientKeepAlive;
    private boolean request11;
    private boolean upgrade;
    private boolean closesClient = true;
    private boolean usesProxyFields;

    HttpHeads(final HttpStream stream) {
        this.stream = stream;
    }

    /** The request's head is there. */
    void received() {
        final Framing framing = stream.requestBody().parser().framing();
        request11 = framing.version11();
        clientKeepAlive = !framing.close() && (request11 || framing.keepAlive());
        upgrade = framing.upgrade();
        final HttpMessage request = stream.request();
        usesProxyFields = stream.session.frontend.options().useProxyField && !request.uri().startsWith("/")
                && !request.uri().startsWith("*");
        capture(request, stream.session.frontend.options().requestCaptures,
                SampleContext.Direction.REQUEST);
    }

    /** {@code option http-use-proxy-header}: a target that no server of its own gets. */
    boolean usesProxyFields() {
        return usesProxyFields;
    }

    void captureResponse(final HttpMessage response) {
        capture(response, stream.session.frontend.options().responseCaptures,
                SampleContext.Direction.RESPONSE);
    }

    private void capture(final HttpMessage message, final CaptureSlots slots, final SampleContext.Direction direction) {
        for (int i = 0; i < slots.size(); i++) {
            final CaptureSlots.Slot slot = slots.slots().get(i);
            if (slot.header() != null) {
                final String value = lastValue(message, slot.header());
                if (value != null) {
                    stream.capture(direction, i, value.length() > slot.lengthBytes()
                            ? value.substring(0, slot
                                    .lengthBytes())
                            : value);
                }
            }
        }
    }

    private static String lastValue(final HttpMessage message, final String name) {
        String last = null;
        for (int i = message.find(name, 0); i >= 0; i = message.find(name, i + 1)) {
            last = message.value(i);
        }
        return last;
    }

    /**
     * {@code option http-restrict-req-hdr-names}: names that a server's CGI could take for others.
     *
     * @return whether the request may go on
     */
    static boolean restrictNames(final HttpMessage request, final String mode) {
        final boolean reject = "reject".equals(mode);
        if (!reject && !"delete".equals(mode)) {
            return true;
        }
        for (int i = request.size() - 1; i >= 0; i--) {
            if (!isPlain(request.name(i))) {
                if (reject) {
                    return false;
                }
                request.remove(i);
            }
        }
        return true;
    }

    private static boolean isPlain(final String name) {
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            if (c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
                return false;
            }
        }
        return true;
    }

    /** Once for a request, before its first attempt. */
    void prepareRequest() {
        final HttpMessage request = stream.request();
        final ProxyOptions front = stream.session.frontend.options();
        final ProxyOptions back = stream.backend().options();
        addAddress(request, back.forwardFor, front.forwardFor, stream.source());
        addAddress(request, back.originalTo, front.originalTo, stream.destination());
        final String idField = front.uniqueIdField;
        if (idField != null && stream.uniqueId() != null) {
            request.add(idField, stream.uniqueId());
        }
        for (int i = request.find("te", 0); i >= 0; i = request.find("te", i + 1)) {
            // Of TE only trailers means something to the next hop.
            if (request.value(i).matches("trailers(,.*)?")) {
                request.value(i, "trailers");
            } else {
                request.remove(i);
                i--;
            }
        }
    }

    private static void addAddress(final HttpMessage request, final TrafficSettings.AddressField back,
            final TrafficSettings.AddressField front, final InetSocketAddress address) {
        if (back == null && front == null || address == null || address.getAddress() == null) {
            return;
        }
        final TrafficSettings.AddressField named = back == null ? front : back;
        if (except(back, address) || except(front, address)) {
            return;
        }
        final boolean ifNone = (back == null || back.ifNone()) && (front == null || front.ifNone());
        if (!ifNone || request.find(named.field(), 0) < 0) {
            request.add(named.field(), Addresses.text(address.getAddress()));
        }
    }

    private static boolean except(final TrafficSettings.AddressField field, final InetSocketAddress address) {
        return field != null && field.except() != null && field.except().test(address.getAddress());
    }

    void writeRequest(final ByteBuf out) {
        final HttpMessage request = stream.request();
        final String nameField = stream.backend().options().sendNameField;
        if (nameField != null && stream.server() != null) {
            request.removeAll(nameField);
        }
        final Map<String, String> forms = stream.backend().options().adjustServerCase ? forms() : Map.of();
        adjust(request, forms);
        HeadWriter.write(request, out);
        if (!upgrade) {
            if (keepServer() || stream.backend().options().pretendKeepAlive) {
                if (request.minorVersion() == 0) {
                    HeadWriter.field(forms.getOrDefault(CONNECTION, CONNECTION), "keep-alive", out);
                }
            } else if (request.minorVersion() > 0) {
                HeadWriter.field(forms.getOrDefault(CONNECTION, CONNECTION), "close", out);
            }
        }
        if (nameField != null && stream.server() != null) {
            HeadWriter.field(forms.getOrDefault(nameField.toLowerCase(Locale.ROOT), nameField), stream.server().name(),
                    out);
        }
        HeadWriter.endOfHead(out);
    }

    private Map<String, String> forms() {
        return stream.session.frontend.owner().fieldForms();
    }

    private Map<String, String> clientForms() {
        return stream.session.frontend.options().adjustClientCase ? forms() : Map.of();
    }

    /** {@code option h1-case-adjust-bogus-…}: for who minds the case of names, against RFC 9110 section 5.1. */
    private static void adjust(final HttpMessage message, final Map<String, String> forms) {
        if (!forms.isEmpty()) {
            message.adjustNames(forms);
        }
    }

    private boolean keepServer() {
        return stream.session.frontend.options().connectionMode == ConnectionMode.KEEP_ALIVE
                && stream.backend().options().connectionMode == ConnectionMode.KEEP_ALIVE;
    }

    /** Whether the server's connection may serve another request. */
    boolean keepsServer(final HttpBody responseBody) {
        final Framing framing = responseBody.parser().framing();
        return keepServer() && !framing.close() && (framing.version11() || framing.keepAlive())
                && !responseBody.isToTheEnd();
    }

    void writeResponse(final HttpMessage response, final ByteBuf out, final HttpBody body, final boolean requestDone) {
        final int status = response.status();
        if (status < 200 || status == NO_CONTENT) {
            // RFC 9110 section 8.6, RFC 9112 section 6.1: neither has a place there.
            response.removeAll("content-length");
            response.removeAll("transfer-encoding");
        }
        adjust(response, clientForms());
        HeadWriter.write(response, out);
        final boolean tunnel = status == 101 || stream.request().isMethod("CONNECT") && status < 300;
        closesClient = tunnel || !keepClient() || body.isToTheEnd() || body.parser().framing().chunked()
                && response.minorVersion() == 0;
        if (!tunnel) {
            writeConnection(response, out);
        }
        HeadWriter.endOfHead(out);
    }

    private boolean keepClient() {
        return clientKeepAlive && stream.session.frontend.options().connectionMode != ConnectionMode.CLOSE
                && (stream.backend() == null || stream.backend().options().connectionMode != ConnectionMode.CLOSE
                        || !stream.backend().name().equals(stream.session.frontend.name()))
                && !stream.session.frontend.closesClients();
    }

    private void writeConnection(final HttpMessage response, final ByteBuf out) {
        final String name = clientForms().getOrDefault(CONNECTION, CONNECTION);
        if (closesClient) {
            if (response.minorVersion() > 0) {
                HeadWriter.field(name, "close", out);
            }
        } else if (response.minorVersion() == 0 || !request11) {
            HeadWriter.field(name, "keep-alive", out);
        }
    }

    /** Whether the client's connection ends with the response that was written. */
    boolean closesClient() {
        return closesClient;
    }

    /** An answer of the proxy's own. @return whether the connection ends after it */
    boolean writeReply(final HttpMessage head, final Reply reply, final ByteBuf out, final boolean requestDone) {
        closesClient = !reply.keepAlive() || !requestDone || !keepClient() || head.find("content-length", 0) < 0
                && head.status() != NO_CONTENT && head.status() != 304;
        head.removeAll(CONNECTION);
        adjust(head, clientForms());
        HeadWriter.write(head, out);
        writeConnection(head, out);
        HeadWriter.endOfHead(out);
        return closesClient;
    }

    static void writePlain(final HttpMessage head, final ByteBuf out) {
        HeadWriter.write(head, out);
        HeadWriter.endOfHead(out);
    }
}
