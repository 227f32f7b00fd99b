package io.netchannel.samples.haproxy.expression;

import java.net.InetAddress;

/** What a fetch or a converter yields: a sample's data, by haproxy's types (configuration manual, 7.1). */
public sealed interface Value {

    /** {@code bool} */
    record Bool(boolean value) implements Value {
    }

    /** {@code sint}: signed, 64 bits. */
    record Int(long value) implements Value {
    }

    /** {@code ipv4} or {@code ipv6}, by the address's class. */
    record Ip(InetAddress value) implements Value {
    }

    /** {@code str}: each char is one byte (ISO 8859-1). */
    record Str(String value) implements Value {
    }

    /** {@code bin}; the array is not changed after it was given. */
    record Bin(byte[] value) implements Value {
    }

    /** {@code meth}: an HTTP method by its name. */
    record Method(String value) implements Value {
    }
}
