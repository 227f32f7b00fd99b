package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Value;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Blocks of bytes, written in hexadecimal. */
final class BinaryIndex implements Index {

    private final Map<ByteBuffer, Entry> entries = new HashMap<>();

    @Override
    public void add(final Entry entry) throws ConfigException {
        entries.putIfAbsent(ByteBuffer.wrap(Numbers.hexBytes(entry.element().pattern())), entry);
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public Entry find(final Value value) {
        return value instanceof Value.Bin(byte[] bytes) ? entries.get(ByteBuffer.wrap(bytes)) : null;
    }
}
