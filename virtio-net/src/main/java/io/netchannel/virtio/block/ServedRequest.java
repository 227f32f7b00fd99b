package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockRequestLayout.*;

/**
 * A request between the ring and the device below: the parts that it comes to, one for each of its buffers. Used again.
 *
 * <p>Threading: that of its server.
 */
final class ServedRequest {

    final int slot;
    final long[] addresses;
    final long[] offsets;
    final long[] lengths;
    int chainId;
    int type;
    int parts;
    int left;
    int status;
    long statusAddress;
    int writtenBytes;

    ServedRequest(final int slot, final int maxParts) {
        this.slot = slot;
        addresses = new long[maxParts];
        offsets = new long[maxParts];
        lengths = new long[maxParts];
    }

    void begin(final int id) {
        chainId = id;
        parts = 0;
        left = 0;
        status = STATUS_OK;
        writtenBytes = 0;
    }

    void addPart(final long address, final long offsetBytes, final long lengthBytes) {
        addresses[parts] = address;
        offsets[parts] = offsetBytes;
        lengths[parts] = lengthBytes;
        parts++;
    }

    boolean isTransfer() {
        return type == TYPE_IN || type == TYPE_OUT;
    }

    boolean isChange() {
        return type == TYPE_OUT || type == TYPE_DISCARD || type == TYPE_WRITE_ZEROES;
    }
}
