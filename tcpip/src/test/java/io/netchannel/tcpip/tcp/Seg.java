package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A segment outside of packet memory: what a test injects, and what it looks at. */
final class Seg {

    int sourcePort;
    int destinationPort;
    int sequence;
    int acknowledgment;
    int flags;
    int window = 65_535;
    byte[] options = {};
    byte[] payload = {};
    /** GSO size, if it stands for several. */
    int gsoSize;
    /** TSval and TSecr; kept apart from the other options so that scripts can set them. */
    boolean timestamps;
    int timestampValue;
    int timestampEcho;

    static Seg of(final int flags, final int sequence, final int acknowledgment) {
        final Seg seg = new Seg();
        seg.flags = flags;
        seg.sequence = sequence;
        seg.acknowledgment = acknowledgment;
        return seg;
    }

    Seg window(final int field) {
        window = field;
        return this;
    }

    Seg data(final int lengthBytes) {
        payload = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            payload[i] = pattern(sequence + i);
        }
        return this;
    }

    /** Appends options bytes as they are. */
    Seg option(final int... bytes) {
        final int from = options.length;
        options = Arrays.copyOf(options, from + bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            options[from + i] = (byte) bytes[i];
        }
        return this;
    }

    Seg mss(final int bytes) {
        return option(2, 4, bytes >> 8, bytes);
    }

    Seg scale(final int shift) {
        return option(1, 3, 3, shift);
    }

    Seg sackOk() {
        return option(1, 1, 4, 2);
    }

    /** The blocks of the SACK option, relative to {@code base}: {@code 100-200 300-400}. */
    String sack(final int base) {
        final StringBuilder text = new StringBuilder();
        final ByteBuffer in = ByteBuffer.wrap(options);
        for (int at = 0; at < options.length && options[at] != 0;) {
            if (options[at] == OPTION_NO_OPERATION) {
                at++;
                continue;
            }
            for (int block = at + 2; options[at] == OPTION_SACK && block < at + options[at + 1]; block += 8) {
                text.append(text.isEmpty() ? "" : " ").append(in.getInt(block) - base).append('-')
                        .append(in.getInt(block + 4) - base);
            }
            at += options[at + 1];
        }
        return text.toString();
    }

    Seg timestamps(final int value, final int echo) {
        timestamps = true;
        timestampValue = value;
        timestampEcho = echo;
        return this;
    }

    /** SACK blocks: starts and ends. */
    Seg sack(final int... bounds) {
        option(1, 1, OPTION_SACK, 2 + 4 * bounds.length);
        for (final int bound : bounds) {
            option(bound >>> 24, bound >>> 16, bound >>> 8, bound);
        }
        return this;
    }

    Seg sackPermitted() {
        return option(1, 1, OPTION_SACK_PERMITTED, 2);
    }

    boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    int mssOption() {
        return option(OPTION_MSS, 2);
    }

    int scaleOption() {
        return option(OPTION_WINDOW_SCALE, 1);
    }

    private int option(final int wanted, final int valueBytes) {
        for (int at = 0; at < options.length && options[at] != 0;) {
            if (options[at] == OPTION_NO_OPERATION) {
                at++;
            } else if (options[at] == wanted) {
                return valueBytes == 2 ? (options[at + 2] & 0xFF) << 8 | options[at + 3] & 0xFF : options[at + 2];
            } else {
                at += options[at + 1];
            }
        }
        return -1;
    }

    /** What byte a sequence number stands for in tests that don't send files. */
    static byte pattern(final int sequence) {
        return (byte) (sequence * 31 ^ sequence >>> 8);
    }

    /** Header, options and payload; checksum 0. */
    byte[] bytes() {
        final ByteBuffer stamps = ByteBuffer.allocate(timestamps ? 12 : 0);
        if (timestamps) {
            stamps.putInt(PADDED_TIMESTAMPS_WORD).putInt(timestampValue).putInt(timestampEcho);
        }
        final int optionBytes = options.length + stamps.capacity() + 3 & ~3;
        final ByteBuffer out = ByteBuffer.allocate(MIN_HEADER_BYTES + optionBytes + payload.length);
        out.putShort((short) sourcePort).putShort((short) destinationPort).putInt(sequence).putInt(acknowledgment);
        out.put((byte) (MIN_HEADER_BYTES + optionBytes << 2)).put((byte) flags).putShort((short) window).putInt(0);
        out.put(options).put(stamps.array());
        out.position(MIN_HEADER_BYTES + optionBytes);
        out.put(payload);
        return out.array();
    }

    static Seg parse(final byte[] bytes, final int gsoSize) {
        final ByteBuffer in = ByteBuffer.wrap(bytes);
        final Seg seg = new Seg();
        seg.gsoSize = gsoSize;
        seg.sourcePort = in.getShort() & 0xFFFF;
        seg.destinationPort = in.getShort() & 0xFFFF;
        seg.sequence = in.getInt();
        seg.acknowledgment = in.getInt();
        final int headerBytes = (in.get() & 0xF0) >> 2;
        seg.flags = in.get() & 0xFF;
        seg.window = in.getShort() & 0xFFFF;
        seg.options = Arrays.copyOfRange(bytes, MIN_HEADER_BYTES, headerBytes);
        seg.payload = Arrays.copyOfRange(bytes, headerBytes, bytes.length);
        for (int at = 0; at + 1 < seg.options.length && seg.options[at] != 0;) {
            if (seg.options[at] == OPTION_NO_OPERATION) {
                at++;
                continue;
            }
            if (seg.options[at + 1] < 2) {
                break;
            }
            if (seg.options[at] == OPTION_TIMESTAMPS && at + 10 <= seg.options.length) {
                final ByteBuffer value = ByteBuffer.wrap(seg.options, at + 2, 8);
                seg.timestamps(value.getInt(), value.getInt());
            }
            at += seg.options[at + 1];
        }
        return seg;
    }

    @Override
    public String toString() {
        return TcpHeader.flagsText(flags) + " seq=" + Integer.toUnsignedString(sequence) + " ack="
                + Integer.toUnsignedString(acknowledgment) + " win=" + window + " len=" + payload.length
                + (gsoSize == 0 ? "" : " gso=" + gsoSize)
                + (timestamps ? " ts=" + timestampValue + "," + timestampEcho : "");
    }
}
