package io.netchannel.tcpip.tcp;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import java.util.List;

/** The bytes of TCP options. What lies behind them must make no difference. */
public final class TcpOptionsFuzzTarget {

    private static final int MAX_BYTES = 40;
    private static final int GUARD_BYTES = 64;
    private static final long AREA = Arena.global().allocate(MAX_BYTES + GUARD_BYTES, 8).address();

    private TcpOptionsFuzzTarget() {
    }

    public static List<byte[]> seeds() {
        return List.of(new byte[]{2, 4, 5, (byte) 180, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2},
                new byte[]{1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4}, new byte[]{0, 9},
                new byte[]{1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2},
                new byte[]{3, 0}, new byte[]{8, 11, 0}, new byte[]{34, 10, 1, 2, 3, 4, 5, 6, 7, 8});
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        final int lengthBytes = Math.min(input.length, MAX_BYTES);
        if (!parse(input, lengthBytes, (byte) 0).equals(parse(input, lengthBytes, (byte) 0xFF))) {
            throw new AssertionError("bytes behind the options make a difference");
        }
    }

    private static String parse(final byte[] input, final int lengthBytes, final byte behind) {
        final OrderedMemory memory = HostMemory.INSTANCE;
        memory.fill(AREA, MAX_BYTES + GUARD_BYTES, behind);
        memory.copyFromArray(input, 0, AREA, lengthBytes);
        final TcpOptions options = new TcpOptions();
        final StringBuilder text = new StringBuilder().append(options.parse(memory, AREA, lengthBytes));
        text.append(' ').append(options.mssBytes()).append(' ').append(options.windowScale()).append(' ')
                .append(options.sackPermitted()).append(' ').append(options.hasTimestamps()).append(' ')
                .append(options.timestampValue()).append(' ').append(options.timestampEcho());
        for (int i = 0; i < options.sackBlocks(); i++) {
            text.append(' ').append(options.sackStart(i)).append('-').append(options.sackEnd(i));
        }
        if (options.windowScale() > TcpOptions.MAX_WINDOW_SCALE) {
            throw new AssertionError(text.toString());
        }
        return text.toString();
    }
}
