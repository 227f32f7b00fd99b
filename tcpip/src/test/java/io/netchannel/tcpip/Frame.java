package io.netchannel.tcpip;

/** A frame on the wire, with what the device was asked to do. */
public record Frame(byte[] bytes, int flags, int checksumStart, int checksumOffset, int gsoType, int gsoSizeBytes,
        int headerLengthBytes) {

    public static Frame of(final byte[] bytes) {
        return new Frame(bytes, 0, 0, 0, 0, 0, 0);
    }

    public int type() {
        return Frames.getShort(bytes, 12);
    }

    /** Whether it is ICMPv6 of this type without extension headers. */
    public boolean isIcmpv6(final int icmpType) {
        return type() == 0x86DD && bytes[20] == Frames.ICMPV6 && (bytes[54] & 0xFF) == icmpType;
    }
}
