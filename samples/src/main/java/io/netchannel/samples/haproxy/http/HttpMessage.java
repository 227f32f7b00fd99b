package io.netchannel.samples.haproxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * The start line and the header fields of a request or a response, in the order in which they came.
 *
 * <p>Text is ISO 8859-1: each char is a byte of the wire. A field's name is compared without case, and sent in lower case. What
 * was parsed stays as bytes, and becomes a String only for who asks; so a field that nobody touches is copied once in
 * and once out.
 *
 * <p>Threading: confined to the proxy's loop.
 */
public final class HttpMessage {

    private static final int INITIAL_FIELDS = 8;
    private static final byte[] NO_BYTES = {};
    private static final int[] NO_OFFSETS = {};
    private static final String[] NO_TEXTS = {};

    private boolean request;
    private byte[] bytes = NO_BYTES;
    private int bytesUsed;
    /** Four offsets into the bytes for each field: name, its end, value, its end. */
    private int[] offsets = NO_OFFSETS;
    /** Made at first use; a field that was added or changed has no bytes, only these. */
    private String[] names = NO_TEXTS;
    private String[] values = NO_TEXTS;
    private int size;
    private int methodStart;
    private int methodEnd;
    private int uriStart;
    private int uriEnd;
    /** Where method and target end as they came. */
    private int receivedMethodEnd;
    private int receivedUriEnd;
    /** The target as it was when the parser was through, if that isn't how it came. */
    private String receivedUri;
    private String method;
    private String uri;
    private int status;
    private String reason;
    private int reasonStart;
    private int reasonEnd;
    private int minorVersion = 1;
    /** Names are sent as they stand, not in lower case. */
    private boolean exactNames;

    private HttpMessage(final boolean request) {
        this.request = request;
    }

    public static HttpMessage request(final String method, final String uri, final int minorVersion) {
        final HttpMessage message = new HttpMessage(true);
        message.method = method;
        message.uri = uri;
        message.minorVersion = minorVersion;
        return message;
    }

    public static HttpMessage response(final int status, final String reason, final int minorVersion) {
        final HttpMessage message = new HttpMessage(false);
        message.status = status;
        message.reason = reason;
        message.minorVersion = minorVersion;
        return message;
    }

    /** For a parser, which {@link #clear}s it and fills it while it reads a head. */
    static HttpMessage parsed() {
        return new HttpMessage(true);
    }

    /** The next head is read into it. */
    void clear(final boolean ofRequest) {
        request = ofRequest;
        bytes = NO_BYTES;
        bytesUsed = 0;
        Arrays.fill(names, 0, size, null);
        Arrays.fill(values, 0, size, null);
        size = 0;
        methodStart = 0;
        methodEnd = 0;
        uriStart = 0;
        uriEnd = 0;
        receivedMethodEnd = 0;
        receivedUriEnd = 0;
        receivedUri = null;
        method = null;
        uri = null;
        status = 0;
        reason = null;
        reasonStart = 0;
        reasonEnd = 0;
        minorVersion = 1;
        exactNames = false;
    }

    public boolean isRequest() {
        return request;
    }

    public String method() {
        if (method == null) {
            method = knownMethod();
        }
        return method;
    }

    public void method(final String newMethod) {
        method = newMethod;
        methodEnd = methodStart;
    }

    /** The request target, as it stands in the request line. */
    public String uri() {
        if (uri == null) {
            uri = text(uriStart, uriEnd);
        }
        return uri;
    }

    public void uri(final String newUri) {
        uri = newUri;
        uriEnd = uriStart;
    }

    public int status() {
        return status;
    }

    public String reason() {
        if (reason == null) {
            reason = text(reasonStart, reasonEnd);
        }
        return reason;
    }

    public void status(final int newStatus, final String newReason) {
        status = newStatus;
        reason = newReason;
        reasonEnd = reasonStart;
    }

    /** The request line as the parser left it, whatever became of it since: what logs show. */
    public String receivedLine() {
        return text(methodStart, receivedMethodEnd) + " "
                + (receivedUri == null ? text(uriStart, receivedUriEnd) : receivedUri) + " HTTP/1." + minorVersion;
    }

    /** 0 or 1, of HTTP/1. */
    public int minorVersion() {
        return minorVersion;
    }

    public void minorVersion(final int newMinorVersion) {
        minorVersion = newMinorVersion;
    }

    public int size() {
        return size;
    }

    public String name(final int index) {
        check(index);
        if (names[index] == null) {
            names[index] = text(offsets[4 * index], offsets[4 * index + 1]);
        }
        return names[index];
    }

    public String value(final int index) {
        check(index);
        if (values[index] == null) {
            values[index] = text(offsets[4 * index + 2], offsets[4 * index + 3]);
        }
        return values[index];
    }

    /** @return the next field of that name at or after {@code from}, or -1 */
    public int find(final String name, final int from) {
        for (int i = from; i < size; i++) {
            if (names[i] != null ? names[i].equalsIgnoreCase(name) : named(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** @return the value of the first field of that name, or null */
    public String first(final String name) {
        final int index = find(name, 0);
        return index < 0 ? null : value(index);
    }

    public void add(final String name, final String value) {
        addField(0, 0, 0, 0);
        names[size - 1] = name;
        values[size - 1] = value;
    }

    public void value(final int index, final String newValue) {
        check(index);
        values[index] = newValue;
        offsets[4 * index + 3] = offsets[4 * index + 2];
    }

    public void remove(final int index) {
        check(index);
        final int after = size - index - 1;
        System.arraycopy(offsets, 4 * index + 4, offsets, 4 * index, 4 * after);
        System.arraycopy(names, index + 1, names, index, after);
        System.arraycopy(values, index + 1, values, index, after);
        size--;
        names[size] = null;
        values[size] = null;
    }

    public void removeAll(final String name) {
        for (int i = find(name, 0); i >= 0; i = find(name, i)) {
            remove(i);
        }
    }

    /** A copy that changes by itself, and outlives the parser's next head. */
    public HttpMessage copy() {
        final HttpMessage copy = new HttpMessage(request);
        copy.bytes = bytesUsed == 0 ? NO_BYTES : Arrays.copyOf(bytes, bytesUsed);
        copy.bytesUsed = bytesUsed;
        copy.offsets = offsets.clone();
        copy.names = names.clone();
        copy.values = values.clone();
        copy.size = size;
        copy.receivedMethodEnd = receivedMethodEnd;
        copy.receivedUriEnd = receivedUriEnd;
        copy.receivedUri = receivedUri;
        copy.methodStart = methodStart;
        copy.methodEnd = methodEnd;
        copy.uriStart = uriStart;
        copy.uriEnd = uriEnd;
        copy.method = method;
        copy.uri = uri;
        copy.status = status;
        copy.reason = reason;
        copy.reasonStart = reasonStart;
        copy.reasonEnd = reasonEnd;
        copy.minorVersion = minorVersion;
        copy.exactNames = exactNames;
        return copy;
    }

    /** Whether the method is {@code name}, which is case-sensitive (RFC 9110 section 9.1), without making a String of it. */
    public boolean isMethod(final String name) {
        if (method != null) {
            return method.equals(name);
        }
        return isBytes(methodStart, methodEnd, name);
    }

    /** The size of the head on the wire, about: what limits count. */
    public int lengthBytes() {
        int length = request ? method().length() + uri().length() + 12 : reason().length() + 16;
        for (int i = 0; i < size; i++) {
            length += nameLength(i) + valueLength(i) + 4;
        }
        return length;
    }

    private int nameLength(final int index) {
        return names[index] == null ? offsets[4 * index + 1] - offsets[4 * index] : names[index].length();
    }

    private int valueLength(final int index) {
        return values[index] == null ? offsets[4 * index + 3] - offsets[4 * index + 2] : values[index].length();
    }

    /** Whether a field that was just parsed has the value at an offset of {@code head}, without regard to case. */
    boolean parsedValueEquals(final int index, final byte[] head, final int from, final int to) {
        final int start = offsets[4 * index + 2];
        if (offsets[4 * index + 3] - start != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (Characters.lower(head[i]) != Characters.lower(head[start + i - from])) {
                return false;
            }
        }
        return true;
    }

    boolean uriStartsWith(final char c) {
        return uri != null ? !uri.isEmpty() && uri.charAt(0) == c : uriEnd > uriStart && bytes[uriStart] == c;
    }

    /** @param head the parser's own, which holds {@code used} bytes of this message until the parser is started again */
    void bytes(final byte[] head, final int used) {
        bytes = head;
        bytesUsed = used;
    }

    void methodAt(final int start, final int end) {
        methodStart = start;
        methodEnd = end;
        receivedMethodEnd = end;
    }

    void uriAt(final int start, final int end) {
        uriStart = start;
        uriEnd = end;
        receivedUriEnd = end;
    }

    /** The parser puts another target in the place of the one that came. */
    void normalizedUri(final String newUri) {
        uri(newUri);
        receivedUri = newUri;
    }

    void statusAt(final int newStatus, final int start, final int end) {
        status = newStatus;
        reasonStart = start;
        reasonEnd = end;
    }

    void addField(final int nameStart, final int nameEnd, final int valueStart, final int valueEnd) {
        if (size == names.length) {
            final int fields = Math.max(INITIAL_FIELDS, 2 * size);
            names = Arrays.copyOf(names, fields);
            values = Arrays.copyOf(values, fields);
            offsets = Arrays.copyOf(offsets, 4 * fields);
        }
        final int at = 4 * size;
        offsets[at] = nameStart;
        offsets[at + 1] = nameEnd;
        offsets[at + 2] = valueStart;
        offsets[at + 3] = valueEnd;
        size++;
    }

    /** From now on names are sent as {@code forms} has them, by their lower case; others in lower case. For the very last step. */
    public void adjustNames(final Map<String, String> forms) {
        for (int i = 0; i < size; i++) {
            final String name = name(i).toLowerCase(Locale.ROOT);
            names[i] = forms.getOrDefault(name, name);
            offsets[4 * i + 1] = offsets[4 * i];
        }
        exactNames = true;
    }

    /** Appends the method and the target, or the reason, as bytes. */
    void writeMethod(final ByteBuf out) {
        write(out, method, methodStart, methodEnd);
    }

    void writeUri(final ByteBuf out) {
        write(out, uri, uriStart, uriEnd);
    }

    void writeReason(final ByteBuf out) {
        write(out, reason, reasonStart, reasonEnd);
    }

    void writeName(final int index, final ByteBuf out) {
        final int start = offsets[4 * index];
        final int end = offsets[4 * index + 1];
        if (end > start) {
            out.writeBytes(bytes, start, end - start);
        } else if (exactNames) {
            out.writeCharSequence(names[index], StandardCharsets.ISO_8859_1);
        } else {
            // As those that were parsed are: names go out in lower case.
            final String name = names[index];
            for (int i = 0; i < name.length(); i++) {
                out.writeByte(Characters.lower((byte) name.charAt(i)));
            }
        }
    }

    /**
     * Appends fields as they came, from {@code first} on, while nothing about them was changed and they stand one behind the other
     * in the form in which they are sent.
     *
     * @return the first that is not among them
     */
    int writeUnchanged(final int first, final ByteBuf out) {
        int next = first;
        int end = offsets[4 * first];
        while (next < size && offsets[4 * next] == end && isAsSent(4 * next)) {
            end = offsets[4 * next + 3] + 2;
            next++;
        }
        if (next > first) {
            out.writeBytes(bytes, offsets[4 * first], end - offsets[4 * first]);
        }
        return next;
    }

    /** Whether a field stands there as {@code name: value}, with CR LF behind it. */
    private boolean isAsSent(final int at) {
        final int nameEnd = offsets[at + 1];
        final int valueStart = offsets[at + 2];
        final int valueEnd = offsets[at + 3];
        return nameEnd > offsets[at] && valueEnd > valueStart && valueStart == nameEnd + 2 && bytes[nameEnd] == ':'
                && bytes[nameEnd + 1] == ' ' && valueEnd + 1 < bytesUsed && bytes[valueEnd] == '\r'
                && bytes[valueEnd + 1] == '\n';
    }

    void writeValue(final int index, final ByteBuf out) {
        write(out, values[index], offsets[4 * index + 2], offsets[4 * index + 3]);
    }

    boolean named(final int index, final String name) {
        final int start = offsets[4 * index];
        final int length = offsets[4 * index + 1] - start;
        if (names[index] != null) {
            return names[index].equalsIgnoreCase(name);
        }
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            final byte b = bytes[start + i];
            final char c = name.charAt(i);
            if (b != c && Characters.lower(b) != Characters.lower((byte) c)) {
                return false;
            }
        }
        return true;
    }

    private void write(final ByteBuf out, final String text, final int start, final int end) {
        if (end > start) {
            out.writeBytes(bytes, start, end - start);
        } else if (text != null) {
            out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        }
    }

    private String knownMethod() {
        if (isBytes(methodStart, methodEnd, "GET")) {
            return "GET";
        }
        return isBytes(methodStart, methodEnd, "POST") ? "POST" : text(methodStart, methodEnd);
    }

    private boolean isBytes(final int start, final int end, final String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(final int start, final int end) {
        return end == start ? "" : new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private void check(final int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("field " + index + " of " + size);
        }
    }
}
