package io.netchannel.samples.memcached.load;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.load.Conversation;
import io.netchannel.samples.load.Link;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.memcached.protocol.Lines;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * One connection's place in the protocol: requests under way, and what of their answers has come. Whatever moves the bytes, answers may
 * be cut anywhere.
 *
 * <p>Threading: its client's.
 */
final class LoadConnection implements Conversation {

    private static final int MAX_LINE_BYTES = 2048;
    private static final int MAX_SHOWN_CHARACTERS = 80;
    private static final int END_BYTES = 2;
    private static final byte[] VALUE = RequestEncoder.ascii("VALUE ");
    private static final byte[] END = RequestEncoder.ascii("END");
    private static final byte[] STORED = RequestEncoder.ascii("STORED");
    private static final byte[][] REFUSALS = {RequestEncoder.ascii("SERVER_ERROR "),
        RequestEncoder.ascii("CLIENT_ERROR "), RequestEncoder.ascii("NOT_STORED"), RequestEncoder.ascii("ERROR")};
    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private final LoadWorker worker;
    private final Link link;

    // -- requests under way, oldest first
    private int[] requests = new int[1];
    private long[] sentNs = new long[1];
    private int first;
    private int count;
    private int depth;
    private boolean working;

    // -- the answer to the oldest
    private int valueLeft;
    private boolean hasValue;
    // The beginning of a line whose end has not come.
    private final Arena arena = Arena.ofAuto();
    private long line;
    private int lineBytes;

    // -- requests that the link has not taken
    private long unsent;
    private int unsentBytes;

    LoadConnection(final LoadWorker worker, final Link link) {
        this.worker = worker;
        this.link = link;
    }

    /** Begins a round: so many requests are under way at any time. */
    void begin(final int requestsUnderWay) {
        depth = requestsUnderWay;
        final int room = Integer.highestOneBit(2 * depth - 1);
        if (room > requests.length) {
            requests = new int[room];
            sentNs = new long[room];
            first = 0;
        }
        working = true;
        ask(worker.nowNs());
    }

    // -- called by the transport

    /** @throws LoadFailure if it is no answer, or not the one to what was asked */
    @Override
    public void receive(final long address, final int length) {
        final long nowNs = worker.nowNs();
        int done = 0;
        while (done < length) {
            done += valueLeft > 0
                    ? value(address + done, length - done)
                    : line(address + done, length - done, nowNs);
        }
        ask(nowNs);
    }

    @Override
    public void writable() {
        if (unsentBytes > 0) {
            final int written = link.write(unsent, unsentBytes);
            unsent += written;
            unsentBytes -= written;
        }
        ask(worker.nowNs());
    }

    // -- requests

    private void ask(final long nowNs) {
        final RequestEncoder encoder = worker.encoder();
        int filled = 0;
        while (count < depth && working && unsentBytes == 0) {
            final int request = worker.next(nowNs);
            if (request == LoadWorker.NOTHING) {
                break;
            }
            final long at = worker.buffer() + filled;
            filled += (request & 1) == 0 ? encoder.putGet(at, request >> 1) : encoder.putSet(at, request >> 1);
            final int last = first + count & requests.length - 1;
            requests[last] = request;
            sentNs[last] = nowNs;
            count++;
            if (filled >= LoadWorker.BURST_BYTES) {
                send(filled);
                filled = 0;
            }
        }
        if (filled > 0) {
            send(filled);
        }
        if (count == 0 && working) {
            working = false;
            worker.rested();
        }
    }

    private void send(final int length) {
        final int written = link.write(worker.buffer(), length);
        if (written < length) {
            unsentBytes = length - written;
            unsent = arena.allocate(unsentBytes).address();
            MEMORY.copy(worker.buffer() + written, unsent, unsentBytes);
        }
    }

    // -- answers

    private int request() {
        return requests[first];
    }

    private void completed(final long nowNs) {
        worker.completed(sentNs[first], nowNs);
        hasValue = false;
        first = first + 1 & requests.length - 1;
        count--;
    }

    private int value(final long address, final int length) {
        final int taken = Math.min(valueLeft, length);
        if (worker.verifies()) {
            final int position = worker.encoder().valueBytes() + END_BYTES - valueLeft;
            if (!worker.encoder().isValue(request() >> 1, position, address, taken)) {
                throw new LoadFailure("the value of key " + (request() >> 1) + " is not what was stored, within bytes "
                        + position + " to " + (position + taken));
            }
        }
        valueLeft -= taken;
        return taken;
    }

    private int line(final long address, final int length, final long nowNs) {
        final int end = Lines.findEnd(address, length);
        if (end >= 0 && lineBytes == 0) {
            answer(address, end, nowNs);
            return end + 1;
        }
        final int part = end < 0 ? length : end + 1;
        if (line == 0) {
            line = arena.allocate(MAX_LINE_BYTES).address();
        }
        if (lineBytes + part > MAX_LINE_BYTES) {
            throw new LoadFailure("a line of the answer is longer than " + MAX_LINE_BYTES + " bytes");
        }
        MEMORY.copy(address, line + lineBytes, part);
        lineBytes += part;
        if (end >= 0) {
            final int whole = lineBytes - 1;
            lineBytes = 0;
            answer(line, whole, nowNs);
        }
        return part;
    }

    /** @param withReturn length of the line with its CR */
    private void answer(final long address, final int withReturn, final long nowNs) {
        final int length = withReturn - 1;
        if (count == 0) {
            throw unexpected("an answer to nothing", address, withReturn);
        }
        if (length < END.length || MEMORY.getByte(address + length) != '\r') {
            throw unexpected("not a line of the protocol", address, withReturn);
        }
        final boolean get = (request() & 1) == 0;
        if (get && startsWith(address, length, VALUE) && !hasValue) {
            beginValue(address, length);
        } else if (get && is(address, length, END)) {
            if (!hasValue) {
                worker.missed();
            }
            completed(nowNs);
        } else if (!get && is(address, length, STORED)) {
            completed(nowNs);
        } else if (isRefusal(address, length)) {
            worker.refused(text(address, length));
            completed(nowNs);
        } else {
            throw unexpected(get ? "not an answer to get" : "not an answer to set", address, length);
        }
    }

    private void beginValue(final long address, final int length) {
        // VALUE key flags bytes
        final long key = address + VALUE.length;
        final long numbers = key + RequestEncoder.KEY_BYTES;
        final long end = address + length;
        if (numbers >= end || !worker.encoder().isKey(key, request() >> 1)) {
            throw unexpected("not the value of key " + (request() >> 1), address, length);
        }
        int bytes = 0;
        long digit = numbers + 3;
        if (MEMORY.getByte(numbers) == ' ' && MEMORY.getByte(numbers + 1) == '0'
                && MEMORY.getByte(numbers + 2) == ' ') {
            for (; digit < end && isDigit(MEMORY.getByte(digit)) && bytes <= LoadProfile.MAX_VALUE_BYTES; digit++) {
                bytes = bytes * 10 + MEMORY.getByte(digit) - '0';
            }
        }
        if (digit != end || bytes != worker.encoder().valueBytes()) {
            throw unexpected("not what was stored", address, length);
        }
        hasValue = true;
        valueLeft = bytes + END_BYTES;
    }

    private static boolean isDigit(final byte character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isRefusal(final long address, final int length) {
        for (final byte[] refusal : REFUSALS) {
            if (startsWith(address, length, refusal)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(final long address, final int length, final byte[] word) {
        return length == word.length && startsWith(address, length, word);
    }

    private static boolean startsWith(final long address, final int length, final byte[] word) {
        if (length < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (MEMORY.getByte(address + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(final long address, final int length) {
        final byte[] bytes = new byte[Math.min(length, MAX_SHOWN_CHARACTERS)];
        MEMORY.copyToArray(address, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1).strip();
    }

    private static LoadFailure unexpected(final String what, final long address, final int length) {
        return new LoadFailure(what + ": " + text(address, length));
    }
}
