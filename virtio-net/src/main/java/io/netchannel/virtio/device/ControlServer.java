package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.ControlLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.NetConfigLayout;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.queue.DescriptorChain;

/**
 * Serves the control queue (VirtIO 1.3, 5.1.6.5). What it does not know it answers with VIRTIO_NET_ERR.
 *
 * <p>Threading: the driver's control thread, which notifies the queue.
 */
final class ControlServer {

    private final VirtioNetDevice device;
    private final DeviceRegisters registers;
    private final OrderedMemory memory;
    private final byte[] command = new byte[MAX_BYTES];
    private int commandBytes;

    ControlServer(final VirtioNetDevice device, final DeviceRegisters registers) {
        this.device = device;
        this.registers = registers;
        this.memory = registers.memory();
    }

    void serve(final QueueSlot slot) {
        if (!slot.tryClaim()) {
            return;
        }
        try {
            do {
                for (int id = slot.next(); id >= 0; id = slot.next()) {
                    answer(slot, id);
                }
                // With EVENT_IDX each notification must be asked for.
            } while (slot.enableNotifications());
        } finally {
            slot.release();
        }
    }

    private void answer(final QueueSlot slot, final int id) {
        final DescriptorChain chain = slot.chain();
        final int ack = copyCommand(chain) ? execute() : ACK_ERROR;
        if (chain.readableCount() == chain.count()) {
            slot.complete(id, 0);
        } else {
            memory.putByte(chain.address(chain.readableCount()), (byte) ack);
            slot.complete(id, 1);
        }
    }

    // The driver may change its memory while the command runs, so it runs on a copy.
    private boolean copyCommand(final DescriptorChain chain) {
        commandBytes = 0;
        for (int i = 0; i < chain.readableCount(); i++) {
            final int bytes = chain.lengthBytes(i);
            if (bytes < 0 || bytes > MAX_BYTES - commandBytes) {
                return false;
            }
            memory.copyToArray(chain.address(i), command, commandBytes, bytes);
            commandBytes += bytes;
        }
        return commandBytes >= DATA_OFFSET;
    }

    private int execute() {
        final boolean done = switch (command[CLASS_OFFSET]) {
            case CLASS_RX -> VirtioFeature.CTRL_RX.in(device.features()) && receiveMode();
            case CLASS_MAC -> mac();
            case CLASS_MQ -> VirtioFeature.MQ.in(device.features()) && queuePairs();
            default -> false;
        };
        return done ? ACK_OK : ACK_ERROR;
    }

    private boolean receiveMode() {
        if (commandBytes != DATA_OFFSET + 1) {
            return false;
        }
        final int mode = switch (command[COMMAND_OFFSET]) {
            case RX_PROMISCUOUS -> DeviceRegisters.PROMISCUOUS;
            case RX_ALL_MULTICAST -> DeviceRegisters.ALL_MULTICAST;
            default -> 0;
        };
        final boolean on = command[DATA_OFFSET] != 0;
        registers.receiveModes(on ? registers.receiveModes() | mode : registers.receiveModes() & ~mode);
        return mode != 0;
    }

    private boolean mac() {
        return switch (command[COMMAND_OFFSET]) {
            case MAC_ADDRESS_SET -> VirtioFeature.CTRL_MAC_ADDR.in(device.features()) && macAddress();
            case MAC_TABLE_SET -> VirtioFeature.CTRL_RX.in(device.features()) && macTable();
            default -> false;
        };
    }

    private boolean macAddress() {
        if (commandBytes != DATA_OFFSET + NetConfigLayout.MAC_BYTES) {
            return false;
        }
        long mac = 0;
        for (int i = 0; i < NetConfigLayout.MAC_BYTES; i++) {
            mac = mac << 8 | command[DATA_OFFSET + i] & 0xFF;
        }
        if (mac == 0 || (mac >>> 40 & 1) != 0) {
            return false;
        }
        registers.mac(mac);
        return true;
    }

    // Filtering by table may be imperfect (5.1.6.5.2): a table with entries opens the filter for all addresses of its
    // kind.
    private boolean macTable() {
        final int unicast = littleEndianInt(DATA_OFFSET);
        final int multicastOffset = tableEnd(DATA_OFFSET, unicast);
        final int multicast = multicastOffset < 0 ? -1 : littleEndianInt(multicastOffset);
        if (multicastOffset < 0 || tableEnd(multicastOffset, multicast) != commandBytes) {
            return false;
        }
        int modes = registers.receiveModes();
        modes |= unicast > 0 ? DeviceRegisters.PROMISCUOUS : 0;
        modes |= multicast > 0 ? DeviceRegisters.ALL_MULTICAST : 0;
        registers.receiveModes(modes);
        return true;
    }

    private int tableEnd(final int offset, final int entries) {
        final int room = commandBytes - offset - Integer.BYTES;
        return entries < 0 || room < 0 || entries > room / NetConfigLayout.MAC_BYTES
                ? -1
                : offset + Integer.BYTES + entries * NetConfigLayout.MAC_BYTES;
    }

    private int littleEndianInt(final int offset) {
        if (offset + Integer.BYTES > commandBytes) {
            return -1;
        }
        return command[offset] & 0xFF | (command[offset + 1] & 0xFF) << 8 | (command[offset + 2] & 0xFF) << 16
                | (command[offset + 3] & 0xFF) << 24;
    }

    private boolean queuePairs() {
        if (commandBytes != DATA_OFFSET + Short.BYTES || command[COMMAND_OFFSET] != MQ_PAIRS_SET) {
            return false;
        }
        final int pairs = command[DATA_OFFSET] & 0xFF | (command[DATA_OFFSET + 1] & 0xFF) << 8;
        if (pairs < MQ_PAIRS_MIN || pairs > device.config().queuePairs()) {
            return false;
        }
        for (int i = 0; i < pairs; i++) {
            if (!device.receiveSlot(i).isUp() || !device.transmitSlot(i).isUp()) {
                return false;
            }
        }
        device.activateQueuePairs(pairs);
        return true;
    }
}
