package io.netchannel.tcpip.wire;

import io.netchannel.cpu.OrderedMemory;

/**
 * Plain access in network byte order (RFC 791, appendix B) to memory whose own order is little-endian.
 *
 * <p>Threading: stateless.
 */
public final class NetworkOrder {

    private NetworkOrder() {
    }

    public static int getByte(final OrderedMemory memory, final long address) {
        return memory.getByte(address) & 0xFF;
    }

    public static int getShort(final OrderedMemory memory, final long address) {
        return Short.reverseBytes(memory.getShort(address)) & 0xFFFF;
    }

    public static void putShort(final OrderedMemory memory, final long address, final int value) {
        memory.putShort(address, Short.reverseBytes((short) value));
    }

    public static int getInt(final OrderedMemory memory, final long address) {
        return Integer.reverseBytes(memory.getInt(address));
    }

    public static void putInt(final OrderedMemory memory, final long address, final int value) {
        memory.putInt(address, Integer.reverseBytes(value));
    }

    public static long getLong(final OrderedMemory memory, final long address) {
        return Long.reverseBytes(memory.getLong(address));
    }

    public static void putLong(final OrderedMemory memory, final long address, final long value) {
        memory.putLong(address, Long.reverseBytes(value));
    }

    /** Six bytes, in the low 48 bits. */
    static long getMac(final OrderedMemory memory, final long address) {
        return (long) getShort(memory, address) << 32 | getInt(memory, address + 2) & 0xFFFF_FFFFL;
    }

    static void putMac(final OrderedMemory memory, final long address, final long mac) {
        putShort(memory, address, (int) (mac >>> 32));
        putInt(memory, address + 2, (int) mac);
    }
}
