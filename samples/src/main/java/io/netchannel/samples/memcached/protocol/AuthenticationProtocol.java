package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.samples.memcached.store.StoreCounter;
import java.nio.charset.StandardCharsets;

/**
 * What a connection may say before it has given a user and a password: a {@code set} of any key with both, in one word
 * each, as its
 * value.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class AuthenticationProtocol {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;
    private static final byte[] SET = Replies.ascii("set");
    private static final byte[] UNAUTHENTICATED = Replies.line("CLIENT_ERROR unauthenticated");
    private static final byte[] BAD_TERMINATION = Replies.line("CLIENT_ERROR bad command line termination");
    private static final byte[] BAD_FORMAT = Replies.line("CLIENT_ERROR bad authentication token format");
    private static final byte[] FAILURE = Replies.line("CLIENT_ERROR authentication failure");
    private static final int MAX_LINE_BYTES = 2048;
    private static final int MAX_VALUE_BYTES = 2048;
    private static final int WORDS = 5;

    private final Worker worker;
    private final Output output;
    private final Tokens tokens = new Tokens();

    AuthenticationProtocol(final Worker worker) {
        this.worker = worker;
        this.output = worker.output();
    }

    int request(final Session session, final long address, final int length) {
        final int end = Lines.findEnd(address, length);
        if (end < 0) {
            session.closing = length > MAX_LINE_BYTES;
            return Worker.NEED_MORE;
        }
        tokens.split(address, address + end);
        if (tokens.count() < WORDS || !tokens.is(0, SET) || !tokens.isUnsigned(4, 0)) {
            output.put(UNAUTHENTICATED);
            return end + 1;
        }
        final long wanted = (tokens.number(4, 0) & 0xFFFF_FFFFL) + 2;
        if (wanted > MAX_VALUE_BYTES) {
            // The original waits for more than it has room for, for ever.
            session.closing = true;
            return Worker.NEED_MORE;
        }
        if (length - end - 1 < wanted) {
            return Worker.NEED_MORE;
        }
        check(session, address + end + 1, (int) wanted);
        return end + 1 + (int) wanted;
    }

    private void check(final Session session, final long value, final int length) {
        if (MEMORY.getByte(value + length - 2) != '\r' || MEMORY.getByte(value + length - 1) != '\n') {
            output.put(BAD_TERMINATION);
            return;
        }
        tokens.split(value, value + length - 2);
        if (tokens.count() < 2) {
            output.put(BAD_FORMAT);
            return;
        }
        worker.store().counters().add(StoreCounter.AUTH_CMDS, 1);
        if (worker.services().authenticate(bytes(0), bytes(1))) {
            session.authenticated = true;
            output.put(Replies.STORED);
        } else {
            worker.store().counters().add(StoreCounter.AUTH_ERRORS, 1);
            output.put(FAILURE);
        }
    }

    private byte[] bytes(final int word) {
        return tokens.text(word).getBytes(StandardCharsets.ISO_8859_1);
    }
}
