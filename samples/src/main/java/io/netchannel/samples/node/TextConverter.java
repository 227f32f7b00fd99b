package io.netchannel.samples.node;

import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import picocli.CommandLine;

/** Keeps the message of the parser, which names the text and what to write instead. */
public abstract sealed class TextConverter<T> implements CommandLine.ITypeConverter<T> {

    abstract T parse(String text);

    @Override
    public final T convert(final String text) {
        try {
            return parse(text);
        } catch (final IllegalArgumentException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }

    /** Like 10.7.0.2/24. */
    public static final class Prefix extends TextConverter<IpPrefix> {
        @Override
        IpPrefix parse(final String text) {
            return IpPrefix.parse(text);
        }
    }

    /** Like 10.7.0.1. */
    public static final class Address extends TextConverter<IpAddress> {
        @Override
        IpAddress parse(final String text) {
            return IpAddress.parse(text);
        }
    }

    /** Like 02:00:00:00:00:01. */
    public static final class Mac extends TextConverter<MacAddress> {
        @Override
        MacAddress parse(final String text) {
            return MacAddress.parse(text);
        }
    }
}
