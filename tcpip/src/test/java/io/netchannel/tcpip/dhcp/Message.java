package io.netchannel.tcpip.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A DHCP message of a test's server, and how it reads a client's. */
final class Message {

    private final byte[] header = new byte[DhcpLayout.OPTIONS];
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();

    /** An answer to {@code request}. */
    static Message answer(final byte[] request, final int type, final int address) {
        final Message m = new Message();
        System.arraycopy(request, 0, m.header, 0, DhcpLayout.OPTIONS);
        m.header[DhcpLayout.OP] = DhcpLayout.BOOTREPLY;
        DhcpLayout.putInt(m.header, DhcpLayout.CIADDR, 0);
        DhcpLayout.putInt(m.header, DhcpLayout.YIADDR, address);
        return m.option(DhcpOption.MESSAGE_TYPE, type);
    }

    Message option(final int code, final int... bytes) {
        options.write(code);
        options.write(bytes.length);
        for (final int b : bytes) {
            options.write(b);
        }
        return this;
    }

    Message word(final int code, final int... words) {
        final ByteBuffer value = ByteBuffer.allocate(4 * words.length);
        Arrays.stream(words).forEach(value::putInt);
        options.write(code);
        options.write(value.capacity());
        options.writeBytes(value.array());
        return this;
    }

    /** Puts bytes into the header. */
    Message at(final int offset, final int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            header[offset + i] = (byte) bytes[i];
        }
        return this;
    }

    byte[] bytes() {
        final ByteBuffer all = ByteBuffer.allocate(header.length + options.size() + 1);
        all.put(header).put(options.toByteArray()).put((byte) DhcpOption.END);
        return all.array();
    }

    // -- what a client sent

    static int word(final byte[] message, final int code) {
        final byte[] value = option(message, code);
        return value == null ? 0 : ByteBuffer.wrap(value).getInt();
    }

    static int type(final byte[] message) {
        return option(message, DhcpOption.MESSAGE_TYPE)[0];
    }

    static byte[] option(final byte[] message, final int code) {
        int at = DhcpLayout.OPTIONS;
        while ((message[at] & 0xFF) != DhcpOption.END) {
            if ((message[at] & 0xFF) == code) {
                return Arrays.copyOfRange(message, at + 2, at + 2 + (message[at + 1] & 0xFF));
            }
            at += 2 + (message[at + 1] & 0xFF);
        }
        return null;
    }
}
