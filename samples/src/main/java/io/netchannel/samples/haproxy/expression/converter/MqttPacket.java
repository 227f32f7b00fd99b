package io.netchannel.samples.haproxy.expression.converter;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A CONNECT or CONNACK packet (MQTT 5.0, sections 3.1 and 3.2), read as strictly as haproxy does. */
final class MqttPacket {

    static final int CONNECT = 1;
    static final int CONNACK = 2;

    private static final int VERSION_5 = 5;
    private static final int MAX_LENGTH_BYTES = 4;
    private static final int RESERVED = 1;
    private static final int WILL = 4;
    private static final int WILL_QOS = 0x18;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;
    private static final int USER_PROPERTY = 38;

    /** What a property holds, by its number: so many bytes of an integer, or {@code s}tring, or a {@code p}air of them. */
    private static final Map<Integer, String> KINDS = Map.ofEntries(Map.entry(1, "1"), Map.entry(2, "4"),
            Map.entry(3, "s"),
            Map.entry(8, "s"), Map.entry(9, "s"), Map.entry(17, "4"), Map.entry(18, "s"), Map.entry(19, "2"),
            Map.entry(21, "s"), Map.entry(22, "s"), Map.entry(23, "1"), Map.entry(24, "4"), Map.entry(25, "1"),
            Map.entry(26, "s"), Map.entry(28, "s"), Map.entry(31, "s"), Map.entry(33, "2"), Map.entry(34, "2"),
            Map.entry(36, "1"), Map.entry(37, "1"), Map.entry(USER_PROPERTY, "p"), Map.entry(39, "4"),
            Map.entry(40, "1"),
            Map.entry(41, "1"), Map.entry(42, "1"));
    private static final Set<Integer> OF_CONNECT = Set.of(17, 33, 39, 34, 25, 23, 38, 21, 22);
    private static final Set<Integer> OF_WILL = Set.of(24, 1, 2, 3, 8, 9, 38);
    private static final Set<Integer> OF_CONNACK = Set.of(17, 33, 36, 37, 39, 18, 34, 31, 40, 41, 42, 19, 26, 28, 38,
            21, 22);
    /** Properties that may not be 0. */
    private static final Set<Integer> POSITIVE = Set.of(33, 39);

    private final String bytes;
    private final Map<String, String> fields = new HashMap<>();
    private int at;
    private int end;
    private int type;
    private boolean valid;
    private boolean failed;

    private MqttPacket(final String bytes) {
        this.bytes = bytes;
    }

    /** @return null if bytes are missing */
    static MqttPacket parse(final String bytes) {
        if (bytes.length() < 2) {
            return null;
        }
        final MqttPacket packet = new MqttPacket(bytes);
        packet.type = bytes.charAt(0) >> 4;
        packet.at = 1;
        packet.end = bytes.length();
        final int length = packet.variable();
        // The lower half of the first byte is of no use in these two packets.
        if (packet.failed || packet.type != CONNECT && packet.type != CONNACK || (bytes.charAt(0) & 15) != 0) {
            return packet;
        }
        if (bytes.length() - packet.at < length) {
            return null;
        }
        packet.end = packet.at + length;
        if (packet.type == CONNECT) {
            packet.connect();
        } else {
            packet.acknowledge(length);
        }
        packet.valid = !packet.failed && packet.at == packet.end;
        return packet;
    }

    boolean isValid() {
        return valid;
    }

    int type() {
        return type;
    }

    String field(final String name) {
        return fields.get(name);
    }

    private void connect() {
        final String protocol = string();
        final int version = integer(1);
        final int flags = integer(1);
        fields.put("protocol_name", protocol);
        fields.put("protocol_version", Integer.toString(version));
        fields.put("flags", Integer.toString(flags));
        fields.put("keepalive", Integer.toString(integer(2)));
        fail(!protocol.equalsIgnoreCase("MQTT") && !protocol.equalsIgnoreCase("MQIsdp"));
        fail(version < 3 || version > VERSION_5 || (flags & RESERVED) != 0
                || (flags & (WILL | WILL_QOS | WILL_RETAIN)) == WILL_QOS);
        if (version == VERSION_5) {
            properties(OF_CONNECT);
            fail(fields.getOrDefault("21", "").isEmpty() && !fields.getOrDefault("22", "").isEmpty());
        }
        fields.put("client_identifier", string());
        final boolean will = (flags & WILL) != 0;
        if (will && version == VERSION_5) {
            properties(OF_WILL);
        }
        if (will) {
            fields.put("will_topic", string());
            fields.put("will_payload", string());
        }
        if ((flags & USER_NAME) != 0) {
            fields.put("username", string());
        }
        if ((flags & PASSWORD) != 0) {
            fields.put("password", string());
        }
    }

    private void acknowledge(final int length) {
        // Version 3.1.1 has but two bytes, later ones have properties behind them.
        final boolean old = length == 2;
        fields.put("protocol_version", old ? "4" : "5");
        final int flags = integer(1);
        fail((flags & 0xfe) != 0);
        fields.put("flags", Integer.toString(flags));
        fields.put("reason_code", Integer.toString(integer(1)));
        if (!old) {
            properties(OF_CONNACK);
        }
    }

    private void properties(final Set<Integer> allowed) {
        for (final int number : allowed) {
            if (!KINDS.get(number).equals("s") && number != USER_PROPERTY) {
                fields.put(Integer.toString(number), "0");
            }
        }
        final int length = variable();
        final int limit = at + length;
        if (failed || limit > end) {
            failed = true;
            return;
        }
        final Set<Integer> seen = new HashSet<>();
        while (at < limit && !failed) {
            final int number = integer(1);
            if (!allowed.contains(number) || number != USER_PROPERTY && !seen.add(number)) {
                failed = true;
                return;
            }
            property(number);
        }
        fail(at != limit);
    }

    private void property(final int number) {
        final String kind = KINDS.get(number);
        final String name = Integer.toString(number);
        switch (kind) {
            case "s" -> fields.put(name, string());
            case "p" -> {
                string();
                string();
            }
            default -> {
                final int bytesOf = kind.charAt(0) - '0';
                final long value = integer(bytesOf) & 0xffffffffL;
                fail(bytesOf == 1 && value > 1 || value == 0 && POSITIVE.contains(number));
                fields.put(name, Long.toString(value));
            }
        }
    }

    private void fail(final boolean wrong) {
        failed |= wrong;
    }

    private int integer(final int size) {
        if (failed || end - at < size) {
            failed = true;
            return 0;
        }
        int value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | bytes.charAt(at++);
        }
        return value;
    }

    private String string() {
        final int length = integer(2);
        if (failed || end - at < length) {
            failed = true;
            return "";
        }
        at += length;
        return bytes.substring(at - length, at);
    }

    private int variable() {
        int value = 0;
        for (int i = 0; i < MAX_LENGTH_BYTES && at < end; i++) {
            final int b = bytes.charAt(at++);
            value |= (b & 0x7f) << 7 * i;
            if (b < 0x80) {
                return value;
            }
        }
        failed = true;
        return 0;
    }
}
