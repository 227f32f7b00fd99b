package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.List;
import java.util.Set;

/** Converters of MQTT's CONNECT and CONNACK packets, versions 3.1.1 and 5.0. */
final class MqttConverters {

    private static final List<String> PACKETS = List.of("INVALID", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC",
            "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT",
            "AUTH");
    private static final Set<String> CONNECT = Set.of("flags", "protocol_name", "protocol_version", "client_identifier",
            "will_topic", "will_payload", "username", "password", "keepalive", "1", "2", "3", "8", "9", "17", "21",
            "22",
            "23", "24", "25", "33", "34", "38", "39");
    private static final Set<String> CONNACK = Set.of("flags", "protocol_version", "reason_code", "17", "18", "19",
            "21",
            "22", "26", "28", "31", "33", "34", "36", "37", "38", "39", "40", "41", "42");
    private static final Set<String> REASONS = Set.of("reason_code", "31", "38");

    private MqttConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.add("mqtt_is_valid", Signature.NONE, Type.BIN, Type.BOOL, (args, place) -> (input, evaluation) -> {
            if (!(input instanceof Value.Bin(byte[] bytes))) {
                return null;
            }
            final MqttPacket packet = read(bytes, evaluation);
            return packet == null ? null : Casts.bool(packet.isValid());
        });
        table.add("mqtt_field_value", Signature.of(2, ArgType.STR, ArgType.STR), Type.BIN, Type.STR,
                (args, place) -> field(args));
    }

    private static Set<String> fields(final int packet) {
        return switch (packet) {
            case MqttPacket.CONNECT -> CONNECT;
            case MqttPacket.CONNACK -> CONNACK;
            case 3 -> Set.of("1", "2", "3", "8", "9", "11", "35", "38");
            case 4, 5, 6, 7 -> REASONS;
            case 8 -> Set.of("11", "38");
            case 9, 11 -> Set.of("31", "38");
            case 10 -> Set.of("38");
            case 14 -> Set.of("reason_code", "17", "28", "31", "38");
            case 15 -> Set.of("21", "22", "31", "38");
            default -> Set.of();
        };
    }

    private static Converter.Conversion field(final Args args) throws ConfigException {
        final String name = args.text(0);
        final int named = PACKETS.indexOf(name.toUpperCase(java.util.Locale.ROOT));
        final Long number = Numbers.strict(name);
        final int type = named > 0
                ? named
                : number != null && number > 0 && number < PACKETS.size() ? number.intValue() : 0;
        if (type == 0) {
            throw new ConfigException("Unknown MQTT type '" + name + "'");
        }
        final String field = args.text(1);
        if (!fields(type).contains(field)) {
            throw new ConfigException("Unknown MQTT field name '" + field + "' for packet type '" + name + "'");
        }
        return (input, evaluation) -> {
            if (!(input instanceof Value.Bin(byte[] bytes))) {
                return null;
            }
            final MqttPacket packet = read(bytes, evaluation);
            final String value = packet == null || !packet.isValid() || packet.type() != type
                    ? null
                    : packet.field(field);
            return value == null || value.isEmpty() ? null : new Value.Str(value);
        };
    }

    /** @return null while bytes are missing */
    private static MqttPacket read(final byte[] bytes, final Evaluation evaluation) {
        evaluation.answerIsFinal();
        final MqttPacket packet = MqttPacket.parse(Casts.text(bytes));
        if (packet == null) {
            evaluation.answerMayChange();
        }
        return packet;
    }
}
