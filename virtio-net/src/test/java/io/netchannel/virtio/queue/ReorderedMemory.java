package io.netchannel.virtio.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * One side's view of memory on a CPU that reorders as far as it may, the same way each time. Both sides run on one
 * thread over the same bytes; each has a view of its own.
 *
 * <p>{@link Kind#STORE_BUFFER}: every store waits for a full fence, seen by its own side alone (x86-TSO, ARMv8).
 *
 * <p>{@link Kind#WEAK}: a plain store waits for the next release or fence, while an opaque one is seen at once; a plain
 * load finds the memory as it was at the side's last acquire or fence, while an opaque one finds it as it is (ARMv8).
 */
final class ReorderedMemory extends FunnelMemory {

    enum Kind {
        STORE_BUFFER, WEAK
    }

    private final Kind kind;
    private final long start;
    private final byte[] acquired;
    private final Map<Long, Byte> pending = new HashMap<>();

    ReorderedMemory(final Kind kind, final long start, final long lengthBytes) {
        this.kind = kind;
        this.start = start;
        acquired = new byte[(int) lengthBytes];
        acquire();
    }

    @Override
    long load(final long address, final int lengthBytes, final Order order) {
        if (order == Order.ACQUIRE_RELEASE || order == Order.VOLATILE) {
            acquire();
        }
        final boolean old = kind == Kind.WEAK && order == Order.PLAIN;
        long value = 0;
        for (int i = 0; i < lengthBytes; i++) {
            final Byte own = pending.get(address + i);
            final byte others = old ? acquired[(int) (address + i - start)] : HOST.getByte(address + i);
            value |= (own != null ? own & 0xFFL : others & 0xFFL) << 8 * i;
        }
        return value;
    }

    @Override
    void store(final long address, final int lengthBytes, final long value, final Order order) {
        if (kind == Kind.WEAK && order == Order.ACQUIRE_RELEASE || order == Order.VOLATILE) {
            drain();
        }
        final boolean waits = kind == Kind.STORE_BUFFER ? order != Order.VOLATILE : order == Order.PLAIN;
        for (int i = 0; i < lengthBytes; i++) {
            final byte part = (byte) (value >>> 8 * i);
            if (waits) {
                pending.put(address + i, part);
            } else {
                pending.remove(address + i);
                HOST.putByte(address + i, part);
                acquired[(int) (address + i - start)] = part;
            }
        }
    }

    private void drain() {
        pending.forEach((address, part) -> {
            HOST.putByte(address, part);
            acquired[(int) (address - start)] = part;
        });
        pending.clear();
    }

    private void acquire() {
        HOST.copyToArray(start, acquired, 0, acquired.length);
    }

    @Override
    public void fullFence() {
        drain();
        acquire();
    }
}
