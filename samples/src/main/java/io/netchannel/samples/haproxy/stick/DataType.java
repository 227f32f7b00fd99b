package io.netchannel.samples.haproxy.stick;

import java.util.Locale;

/** What an entry can store, in the order in which {@code show table} prints it (configuration manual, stick-table). */
public enum DataType {
    SERVER_ID(Kind.SIGNED), GPT0(Kind.UNSIGNED), GPC0(Kind.UNSIGNED), GPC0_RATE(Kind.RATE), CONN_CNT(
            Kind.UNSIGNED), CONN_RATE(Kind.RATE), CONN_CUR(Kind.UNSIGNED), SESS_CNT(Kind.UNSIGNED), SESS_RATE(
                    Kind.RATE), HTTP_REQ_CNT(Kind.UNSIGNED), HTTP_REQ_RATE(Kind.RATE), HTTP_ERR_CNT(
                            Kind.UNSIGNED), HTTP_ERR_RATE(Kind.RATE), BYTES_IN_CNT(Kind.LONG), BYTES_IN_RATE(
                                    Kind.RATE), BYTES_OUT_CNT(Kind.LONG), BYTES_OUT_RATE(Kind.RATE), GPC1(
                                            Kind.UNSIGNED), GPC1_RATE(Kind.RATE), SERVER_KEY(Kind.TEXT), HTTP_FAIL_CNT(
                                                    Kind.UNSIGNED), HTTP_FAIL_RATE(Kind.RATE), GPT(Kind.UNSIGNED,
                                                            true), GPC(Kind.UNSIGNED,
                                                                    true), GPC_RATE(Kind.RATE, true);

    /** Greatest number of elements of an array. */
    static final int MAX_ELEMENTS = 100;

    /** How a value is kept. */
    enum Kind {
        /** 32 bits, that wrap. */
        SIGNED, UNSIGNED,
        /** 64 bits. */
        LONG,
        /** A {@link FrequencyCounter} with a period. */
        RATE, TEXT
    }

    private final String text = name().toLowerCase(Locale.ROOT);
    private final Kind kind;
    private final boolean array;

    DataType(final Kind kind) {
        this(kind, false);
    }

    DataType(final Kind kind, final boolean array) {
        this.kind = kind;
        this.array = array;
    }

    public String text() {
        return text;
    }

    Kind kind() {
        return kind;
    }

    public boolean isArray() {
        return array;
    }

    public boolean isRate() {
        return kind == Kind.RATE;
    }

    int words() {
        return kind == Kind.RATE ? FrequencyCounter.WORDS : 1;
    }

    /** @return null if there is none of that name */
    public static DataType of(final String name) {
        for (final DataType type : values()) {
            if (type.text.equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** Element {@code index} as {@code show table} names it: {@code gpc_rate} becomes {@code gpc3_rate}. */
    public String element(final int index) {
        final int underscore = text.indexOf('_');
        return underscore < 0 ? text + index : text.substring(0, underscore) + index + text.substring(underscore);
    }
}
