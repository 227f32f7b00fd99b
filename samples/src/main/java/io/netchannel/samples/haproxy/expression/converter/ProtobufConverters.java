package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Converters that take a field out of Protocol Buffers messages, bare or within gRPC's frames. */
final class ProtobufConverters {

    private static final List<String> TYPES = List.of("int32", "uint32", "sint32", "int64", "uint64", "sint64", "bool",
            "enum", "fixed32", "sfixed32", "float", "fixed64", "sfixed64", "double");
    private static final String BINARY = "";
    private static final int GRPC_HEADER_BYTES = 5;
    private static final int MAX_VARINT_BYTES = 10;

    private ProtobufConverters() {
    }

    static void addTo(final ConverterTable table) {
        final Signature signature = Signature.of(1, ArgType.PBUF_FNUM, ArgType.STR);
        table.add("protobuf", signature, Type.BIN, Type.BIN, (args, place) -> {
            final String type = type(args);
            final int[] path = args.path(0);
            return ConverterTable.bytewise(bytes -> new Lookup(bytes, 0, bytes.length, path, type).run());
        });
        table.add("ungrpc", signature, Type.BIN, Type.BIN, (args, place) -> ungrpc(args));
    }

    private static String type(final Args args) throws ConfigException {
        if (args.has(1) && !TYPES.contains(args.text(1))) {
            throw new ConfigException("Wrong protocol buffer type '" + args.text(1) + "'");
        }
        return args.has(1) ? args.text(1) : BINARY;
    }

    private static Converter.Conversion ungrpc(final Args args) throws ConfigException {
        final String type = type(args);
        final int[] path = args.path(0);
        return ConverterTable.bytewise(bytes -> {
            int at = 0;
            while (bytes.length - at > GRPC_HEADER_BYTES) {
                final long length = ByteBuffer.wrap(bytes).getInt(at + 1) & 0xffffffffL;
                at += GRPC_HEADER_BYTES;
                if (bytes.length - at < length) {
                    return null;
                }
                final Value found = new Lookup(bytes, at, at + (int) length, path, type).run();
                if (found != null) {
                    return found;
                }
                at += (int) length;
            }
            return null;
        });
    }

    /** Walks over one message. */
    private static final class Lookup {

        private final byte[] bytes;
        private final int end;
        private final int[] path;
        private final String type;
        private int at;
        private long varint;

        Lookup(final byte[] bytes, final int from, final int end, final int[] path, final String type) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
            this.path = path;
            this.type = type;
        }

        /** Into the nested message where a number of the path is found, over all other fields. */
        Value run() {
            int depth = 0;
            int limit = end;
            while (at < limit) {
                if (!varint()) {
                    return null;
                }
                final int wire = (int) varint & 7;
                final boolean found = varint >>> 3 == (path[depth] & 0xffffffffL);
                final boolean last = depth == path.length - 1;
                long length = 0;
                if (wire == 2) {
                    if (!varint() || varint < 0 || varint > end - at) {
                        return null;
                    }
                    length = varint;
                } else if (wire != 0 && wire != 1 && wire != 5) {
                    return null;
                }
                if (found && last) {
                    return value(wire, (int) length);
                }
                if (found && wire == 2) {
                    limit = at + (int) length;
                    depth++;
                } else if (!skip(wire, (int) length)) {
                    return null;
                }
                if (at >= limit && limit < end) {
                    // The nested message ends without it: another of its kind may follow.
                    limit = end;
                    depth = 0;
                }
            }
            return null;
        }

        private boolean varint() {
            varint = 0;
            for (int i = 0; i < MAX_VARINT_BYTES && at < end; i++) {
                final byte b = bytes[at++];
                varint |= (b & 0x7fL) << 7 * i;
                if (b >= 0) {
                    return true;
                }
            }
            return false;
        }

        private boolean skip(final int wire, final int length) {
            if (wire == 0) {
                return varint();
            }
            at += wire == 1 ? 8 : wire == 5 ? 4 : length;
            return at <= end;
        }

        private Value value(final int wire, final int length) {
            final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            final int start = at;
            if (!skip(wire, length)) {
                return null;
            }
            if (type.equals(BINARY)) {
                return new Value.Bin(Arrays.copyOfRange(bytes, start, at));
            }
            return switch (wire) {
                case 0 -> switch (type) {
                    case "sint32", "sint64" -> new Value.Int(varint >>> 1 ^ -(varint & 1));
                    case "int32", "uint32", "int64", "uint64", "bool", "enum" -> new Value.Int(varint);
                    default -> null;
                };
                case 1 -> switch (type) {
                    case "fixed64", "sfixed64" -> new Value.Int(in.getLong(start));
                    case "double" -> new Value.Int((long) in.getDouble(start));
                    default -> null;
                };
                case 5 -> switch (type) {
                    case "fixed32" -> new Value.Int(in.getInt(start) & 0xffffffffL);
                    case "sfixed32" -> new Value.Int(in.getInt(start));
                    case "float" -> new Value.Int((long) in.getFloat(start));
                    default -> null;
                };
                default -> null;
            };
        }
    }
}
