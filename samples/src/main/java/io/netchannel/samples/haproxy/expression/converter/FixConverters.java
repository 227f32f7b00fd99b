package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.Map;

/** Converters of messages of FIX (Financial Information eXchange): {@code tag=value}, each ended by SOH. */
final class FixConverters {

    private static final char DELIMITER = 1;
    private static final int MIN_LENGTH = 26;
    private static final int BEGIN_STRING = 8;
    private static final int BODY_LENGTH = 9;
    private static final int CHECKSUM = 10;
    private static final int MESSAGE_TYPE = 35;
    private static final Map<String, Integer> NAMES = Map.of("BeginString", BEGIN_STRING, "BodyLength", BODY_LENGTH,
            "MsgType", MESSAGE_TYPE, "SenderCompID", 49, "TargetCompID", 56, "CheckSum", CHECKSUM);
    /** The greatest tag of each version. */
    private static final Map<String, Integer> VERSIONS = Map.of("FIX.4.0", 140, "FIX.4.1", 211, "FIX.4.2", 446,
            "FIX.4.3",
            659, "FIX.4.4", 956, "FIXT.1.1", 1621);

    private FixConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.add("fix_is_valid", Signature.NONE, Type.BIN, Type.BOOL, (args, place) -> (input,
                evaluation) -> input instanceof Value.Bin(byte[] bytes)
                        ? validate(Casts.text(bytes), evaluation)
                        : null);
        table.add("fix_tag_value", ConverterTable.ONE_STRING, Type.BIN, Type.BIN, (args, place) -> {
            final Integer named = NAMES.get(args.text(0));
            final long tag = named != null ? named : id(args.text(0));
            if (tag == 0) {
                throw new ConfigException("Unknown FIX tag name '" + args.text(0) + "'");
            }
            return (input, evaluation) -> input instanceof Value.Bin(byte[] bytes)
                    ? find(Casts.text(bytes), tag, evaluation)
                    : null;
        });
    }

    /** 0 if it is none. */
    private static long id(final String text) {
        final Long number = Numbers.strict(text);
        return number == null || number < 0 || number > 0xffffffffL ? 0 : number;
    }

    private static boolean isTag(final long id, final int greatest) {
        return id > 0 && (id <= greatest || id >= 10_000 && id <= 19_999);
    }

    private static Value validate(final String message, final Evaluation evaluation) {
        evaluation.answerIsFinal();
        if (message.length() < MIN_LENGTH) {
            evaluation.answerMayChange();
            return null;
        }
        int at = 0;
        int greatest = Integer.MAX_VALUE;
        long bodyLength = 0;
        int body = 0;
        int checksum = 0;
        for (int count = 1; at < message.length(); count++) {
            final int equal = message.indexOf('=', at);
            final int end = equal < 0 ? -1 : message.indexOf(DELIMITER, equal);
            if (end < 0) {
                evaluation.answerMayChange();
                return null;
            }
            final long tag = id(message.substring(at, equal));
            final String value = message.substring(equal + 1, end);
            if (!isTag(tag, greatest)) {
                return Casts.bool(false);
            }
            if (count == 1) {
                if (tag != BEGIN_STRING || !VERSIONS.containsKey(value)) {
                    return Casts.bool(false);
                }
                greatest = VERSIONS.get(value);
            } else if (count == 2) {
                bodyLength = id(value);
                body = end + 1;
                if (tag != BODY_LENGTH || bodyLength == 0) {
                    return Casts.bool(false);
                }
            } else if (count == 3 && tag != MESSAGE_TYPE) {
                return Casts.bool(false);
            } else if (count > 3 && tag == CHECKSUM) {
                return Casts.bool(bodyLength == at - body && value.length() == 3
                        && Numbers.leading(value) == (checksum & 255));
            }
            for (int i = at; i <= end; i++) {
                checksum += message.charAt(i);
            }
            at = end + 1;
        }
        evaluation.answerMayChange();
        return null;
    }

    private static Value find(final String message, final long wanted, final Evaluation evaluation) {
        evaluation.answerIsFinal();
        int at = 0;
        while (at < message.length()) {
            final int equal = message.indexOf('=', at);
            final int end = equal < 0 ? -1 : message.indexOf(DELIMITER, equal);
            if (end < 0) {
                break;
            }
            final long tag = id(message.substring(at, equal));
            if (tag == wanted && tag != 0) {
                return new Value.Bin(Casts.bytes(message.substring(equal + 1, end)));
            }
            if (tag == 0 || tag == CHECKSUM) {
                return null;
            }
            at = end + 1;
        }
        evaluation.answerMayChange();
        return null;
    }
}
