package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.expression.Converter;
import java.util.HashMap;
import java.util.Map;

/** All converters by name. */
public final class Converters {

    private static final Map<String, Converter> ALL = new HashMap<>();

    static {
        final ConverterTable table = new ConverterTable(ALL);
        ArithmeticConverters.addTo(table);
        TextConverters.addTo(table);
        WordConverters.addTo(table);
        VariableConverters.addTo(table);
        DateConverters.addTo(table);
        HttpConverters.addTo(table);
        BinaryConverters.addTo(table);
        HashConverters.addTo(table);
        CryptoConverters.addTo(table);
        JsonConverters.addTo(table);
        JwtConverters.addTo(table);
        ProtobufConverters.addTo(table);
        FixConverters.addTo(table);
        MqttConverters.addTo(table);
        MapConverters.addTo(table);
        StickConverters.addTo(table);
    }

    private Converters() {
    }

    /** @return null if there is none of that name */
    public static Converter find(final String name) {
        return ALL.get(name);
    }
}
