package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.config.WordCursor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the words of a {@code stick-table} line. */
final class TableParser {

    private static final int DEFAULT_KEY_BYTES = 32;

    private final WordCursor words;
    private final ParseContext context;
    private final Map<DataType, TableConfig.Store> stores = new EnumMap<>(DataType.class);
    private TableConfig.KeyType keyType;
    private int keyLength;
    private long size;
    private long expireMs;
    private boolean noPurge;
    private boolean serverByAddress;

    private TableParser(final Line line, final ParseContext context) {
        this.words = new WordCursor(line, 1);
        this.context = context;
    }

    static TableConfig parse(final Line line, final String name, final ParseContext context) throws ConfigException {
        try {
            final TableParser parser = new TableParser(line, context);
            parser.parse();
            return new TableConfig(name, parser.keyType, parser.keyLength, parser.size, parser.expireMs, parser.noPurge,
                    parser.stores, parser.serverByAddress, line.file(), line.number());
        } catch (final ConfigException e) {
            throw new ConfigException("stick-table: " + e.getMessage(), e);
        }
    }

    private void parse() throws ConfigException {
        while (words.hasNext()) {
            final String word = words.next();
            switch (word) {
                case "size" -> size();
                case "expire" -> expireMs = time(argument(word), word);
                case "nopurge" -> noPurge = true;
                case "type" -> type();
                case "store" -> store();
                case "srvkey" -> serverKey();
                case "peers" ->
                    throw new ConfigException("'peers' is not supported: tables are of this process alone.");
                case "write-to" -> throw new ConfigException("'write-to' is not supported: tables are of this process "
                        + "alone.");
                default -> throw new ConfigException("unknown argument '" + word + "'.");
            }
        }
        if (size == 0) {
            throw new ConfigException("missing size.");
        }
        if (keyType == null) {
            throw new ConfigException("missing type.");
        }
    }

    private String argument(final String word) throws ConfigException {
        return words.next("missing argument after '" + word + "'.");
    }

    private void size() throws ConfigException {
        final Units.Parsed parsed = Units.size(argument("size"));
        if (!parsed.isOk()) {
            throw new ConfigException("unexpected character '" + parsed.unexpected() + "' in argument of 'size'.");
        }
        size = parsed.value();
    }

    private static long time(final String text, final String name) throws ConfigException {
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.MS);
        return switch (parsed.verdict()) {
            case OK -> parsed.value();
            case OVERFLOW -> throw new ConfigException("timer overflow in argument <" + text + "> to <" + name
                    + ">, maximum value is 2147483647 ms (~24.8 days).");
            case UNDERFLOW -> throw new ConfigException("timer underflow in argument <" + text + "> to <" + name
                    + ">, minimum non-null value is 1 ms.");
            case UNEXPECTED -> throw new ConfigException("unexpected character '" + parsed.unexpected()
                    + "' in argument of '" + name + "'.");
        };
    }

    private void type() throws ConfigException {
        final String name = words.next();
        keyType = TableConfig.KeyType.of(name);
        if (keyType == null) {
            throw new ConfigException("unknown type '" + name + "'.");
        }
        keyLength = switch (keyType) {
            case IP, INTEGER -> 4;
            case IPV6 -> 16;
            // Room for 31 chars and haproxy's final NUL.
            case STRING -> DEFAULT_KEY_BYTES - 1;
            case BINARY -> DEFAULT_KEY_BYTES;
        };
        final boolean lengthMatters = keyType == TableConfig.KeyType.STRING || keyType == TableConfig.KeyType.BINARY;
        if (lengthMatters && words.takeIf("len")) {
            final String text = words.next();
            keyLength = Math.clamp(Units.leadingInteger(text), 0, Integer.MAX_VALUE);
            if (keyLength == 0) {
                throw new ConfigException("unknown type '" + text + "'.");
            }
        }
    }

    private void serverKey() throws ConfigException {
        final String word = words.next();
        serverByAddress = switch (word) {
            case "name" -> false;
            case "addr" -> true;
            default -> throw new ConfigException("unknown server key type '" + word + "'.");
        };
    }

    private void store() throws ConfigException {
        String rest = words.next();
        while (!rest.isEmpty()) {
            final int open = rest.indexOf('(');
            int comma = rest.indexOf(',');
            if (open >= 0 && (comma < 0 || open < comma)) {
                final int close = rest.indexOf(')', open);
                if (close < 0) {
                    throw new ConfigException("missing closing parenthesis after store option '"
                            + rest.substring(0, open) + "'.");
                }
                comma = rest.indexOf(',', close);
                add(rest.substring(0, open), List.of(rest.substring(open + 1, close).split(",", -1)));
            } else {
                add(comma < 0 ? rest : rest.substring(0, comma), List.of());
            }
            rest = comma < 0 ? "" : rest.substring(comma + 1);
        }
        exclusive("gpt", List.of(DataType.GPT0), DataType.GPT, "gpt0");
        exclusive("gpc", List.of(DataType.GPC0, DataType.GPC1), DataType.GPC, "gpc[0/1]");
        exclusive("gpc_rate", List.of(DataType.GPC0_RATE, DataType.GPC1_RATE), DataType.GPC_RATE, "gpc[0/1]_rate");
    }

    private void exclusive(final String name, final List<DataType> single, final DataType array, final String others)
            throws ConfigException {
        if (stores.containsKey(array) && single.stream().anyMatch(stores::containsKey)) {
            throw new ConfigException("simultaneous usage of '" + name + "' and '" + others
                    + "' in a same table is not permitted as '" + name + "' overrides '" + others + "'.");
        }
    }

    private void add(final String name, final List<String> arguments) throws ConfigException {
        final DataType type = DataType.of(name);
        if (type == null) {
            throw new ConfigException("unknown store option '" + name + "'.");
        }
        if (stores.containsKey(type)) {
            context.tightWarning("stick-table: store option '" + name + "' already enabled, ignored.");
            return;
        }
        final int wanted = (type.isArray() ? 1 : 0) + (type.isRate() ? 1 : 0);
        if (arguments.size() < wanted) {
            throw new ConfigException("missing argument to store option '" + name + "'.");
        }
        if (arguments.size() > wanted && !type.isRate()) {
            throw new ConfigException("unexpected argument to store option '" + name + "'.");
        }
        final long elements = type.isArray() ? Units.leadingInteger(arguments.getFirst()) : 1;
        if (elements < 1 || elements > DataType.MAX_ELEMENTS) {
            throw new ConfigException("array size is out of allowed range (1-" + DataType.MAX_ELEMENTS
                    + ") for store option '" + name + "'.");
        }
        long periodMs = 0;
        if (type.isRate()) {
            final Units.Parsed period = Units.time(arguments.get(wanted - 1), Units.TimeUnit.MS);
            if (!period.isOk() || period.value() == 0) {
                throw new ConfigException("error when processing store option '" + name + "'.");
            }
            periodMs = period.value();
        }
        stores.put(type, new TableConfig.Store((int) elements, periodMs));
    }
}
