package io.netchannel.samples.memcached.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Makes requests of the binary protocol. */
final class BinaryRequest {

    private static final int HEADER_BYTES = 24;

    private final int opcode;
    private byte[] key = new byte[0];
    private byte[] extras = new byte[0];
    private byte[] value = new byte[0];
    private long cas;

    private BinaryRequest(final int opcode) {
        this.opcode = opcode;
    }

    static BinaryRequest of(final int opcode) {
        return new BinaryRequest(opcode);
    }

    BinaryRequest key(final String text) {
        key = text.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    BinaryRequest extras(final String hex) {
        extras = HexFormat.of().parseHex(hex);
        return this;
    }

    BinaryRequest value(final String text) {
        value = text.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    BinaryRequest cas(final long id) {
        cas = id;
        return this;
    }

    byte[] bytes() {
        final int body = key.length + extras.length + value.length;
        return ByteBuffer.allocate(HEADER_BYTES + body).put((byte) 0x80).put((byte) opcode).putShort((short) key.length)
                .put((byte) extras.length).put((byte) 0).putShort((short) 0).putInt(body).putInt(0x0BADCAFE)
                .putLong(cas).put(extras).put(key).put(value).array();
    }
}
