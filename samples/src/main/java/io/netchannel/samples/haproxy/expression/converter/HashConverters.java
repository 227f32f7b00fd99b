package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Hashes;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.function.ToIntFunction;

/** Converters that hash bytes into integers. */
final class HashConverters {

    private static final Signature OPTIONAL_NUMBER = Signature.of(0, ArgType.SINT);

    /** Hashes with a seed. */
    private interface Seeded {
        long hash(byte[] bytes, long seed);
    }

    private HashConverters() {
    }

    static void addTo(final ConverterTable table) {
        plain(table, "crc32", Hashes::crc32);
        plain(table, "crc32c", Hashes::crc32c);
        plain(table, "djb2", Hashes::djb2);
        plain(table, "sdbm", bytes -> Hashes.sdbm(0, bytes));
        plain(table, "wt6", Hashes::wt6);
        seeded(table, "xxh32", (bytes, seed) -> Hashes.xxh32(bytes, (int) seed) & 0xffffffffL);
        seeded(table, "xxh64", Hashes::xxh64);
        seeded(table, "xxh3", Hashes::xxh3);
    }

    /** With an argument that isn't 0 the result is spread over all bits. */
    private static void plain(final ConverterTable table, final String name, final ToIntFunction<byte[]> hash) {
        table.add(name, OPTIONAL_NUMBER, Type.BIN, Type.SINT, (args, place) -> {
            final boolean avalanche = args.number(0) != 0;
            return ConverterTable.bytewise(bytes -> {
                final int value = hash.applyAsInt(bytes);
                return new Value.Int((avalanche ? Hashes.avalanche(value) : value) & 0xffffffffL);
            });
        });
    }

    private static void seeded(final ConverterTable table, final String name, final Seeded hash) {
        table.add(name, OPTIONAL_NUMBER, Type.BIN, Type.SINT, (args, place) -> {
            final long seed = args.number(0);
            return ConverterTable.bytewise(bytes -> new Value.Int(hash.hash(bytes, seed)));
        });
    }
}
