package io.netchannel.tcpip.script.call;

import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@code struct msghdr}, or the array of buffers in one. */
final class Message {

    private final int lengthBytes;
    private final byte[] payload;

    private Message(final int lengthBytes, final byte[] payload) {
        this.lengthBytes = lengthBytes;
        this.payload = payload;
    }

    /** Of all buffers together. */
    int lengthBytes() {
        return lengthBytes;
    }

    /** What is to be sent, or null for zeros. */
    byte[] payload() {
        return payload;
    }

    static Message ofHeader(final Value.Struct header) {
        final Value buffers = header.field("msg_iov");
        return buffers == null ? new Message(0, null) : ofBuffers(buffers);
    }

    /** {@code [{base, length}, …]} */
    static Message ofBuffers(final Value value) {
        if (!(value instanceof Value.Items(final List<Value> buffers))) {
            throw new UnsupportedCall("buffers of an unknown shape: " + value);
        }
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final boolean zeros = buffers.stream().noneMatch(buffer -> bytesOf(base(buffer)) != null);
        int total = 0;
        for (final Value buffer : buffers) {
            final int length = length(buffer, Integer.MAX_VALUE - total);
            total += length;
            if (!zeros) {
                bytes.writeBytes(padded(bytesOf(base(buffer)), length));
            }
        }
        return new Message(total, zeros ? null : bytes.toByteArray());
    }

    private static Value base(final Value buffer) {
        final List<Value> parts = parts(buffer);
        return parts.isEmpty() ? null : parts.getFirst();
    }

    private static int length(final Value buffer, final int max) {
        final List<Value> parts = parts(buffer);
        if (parts.size() == 2 && parts.get(1) instanceof Value.Int(final long length) && length >= 0 && length <= max) {
            return (int) length;
        }
        throw new UnsupportedCall("a buffer of an unknown shape: " + buffer);
    }

    private static List<Value> parts(final Value buffer) {
        return switch (buffer) {
            case Value.Struct(final List<Value.Field> fields) -> fields.stream().map(Value.Field::value).toList();
            case Value.Items(final List<Value> items) -> items;
            default -> List.of();
        };
    }

    /** The bytes of a string, or null: zeros. */
    static byte[] bytesOf(final Value value) {
        return value instanceof Value.Text(final String text) ? text.getBytes(StandardCharsets.ISO_8859_1) : null;
    }

    /** A payload of the length that the call gives it: cut, or with zeros behind. */
    static byte[] padded(final byte[] content, final int lengthBytes) {
        return content == null ? new byte[lengthBytes] : Arrays.copyOf(content, lengthBytes);
    }

    /**
     * What recvmsg() makes of a header: with flags, and ancillary data if a script has asked to see it.
     *
     * @param control the messages received
     */
    static Value.Struct received(final Value.Struct header, final int flags, final List<Value> control) {
        final List<Value.Field> fields = new ArrayList<>();
        for (final Value.Field field : header.fields()) {
            fields.add(switch (field.name()) {
                case "msg_flags" -> new Value.Field(field.name(), new Value.Int(flags));
                case "msg_control" -> new Value.Field(field.name(), new Value.Items(control));
                default -> field;
            });
        }
        return new Value.Struct(fields);
    }

    /** Linux's TCP_CM_INQ. */
    static Value unread(final int bytes) {
        return new Value.Struct(List.of(new Value.Field("cmsg_level", new Value.Int(LinuxNumbers.SOL_TCP)),
                new Value.Field("cmsg_type", new Value.Int(LinuxNumbers.TCP_CM_INQ)),
                new Value.Field("cmsg_data", new Value.Int(bytes))));
    }
}
