package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import java.util.Arrays;
import java.util.Objects;

/**
 * Settings of a {@link TcpStack}, or of the flows of one listener or connect:
 * {@code TcpConfig.defaults().with(TcpSetting.SEND_BUFFER_BYTES, 1 << 18).with(TcpSetting.NAGLE, false)}.
 *
 * <p>Threading: immutable.
 */
public final class TcpConfig {

    private static final TcpConfig DEFAULTS = new TcpConfig(defaultValues(), CongestionAlgorithm.DEFAULT);

    private final long[] values;
    private final CongestionAlgorithm congestionControl;

    private TcpConfig(final long[] values, final CongestionAlgorithm congestionControl) {
        this.values = values;
        this.congestionControl = congestionControl;
    }

    private static long[] defaultValues() {
        return Arrays.stream(TcpSetting.values()).mapToLong(TcpSetting::defaultValue).toArray();
    }

    public static TcpConfig defaults() {
        return DEFAULTS;
    }

    /** @throws IllegalArgumentException naming the value that is out of range, and the limit */
    public TcpConfig with(final TcpSetting setting, final long value) {
        setting.check(value);
        final long[] copy = values.clone();
        copy[setting.ordinal()] = value;
        return new TcpConfig(copy, congestionControl);
    }

    /** Sets a switch. */
    public TcpConfig with(final TcpSetting setting, final boolean on) {
        return with(setting, on ? 1 : 0);
    }

    public TcpConfig withCongestionControl(final CongestionAlgorithm algorithm) {
        return new TcpConfig(values, Objects.requireNonNull(algorithm, "algorithm"));
    }

    public long get(final TcpSetting setting) {
        return values[setting.ordinal()];
    }

    /** A setting whose range is an int's. */
    public int getInt(final TcpSetting setting) {
        return (int) values[setting.ordinal()];
    }

    public boolean is(final TcpSetting setting) {
        return values[setting.ordinal()] != 0;
    }

    public CongestionAlgorithm congestionControl() {
        return congestionControl;
    }

    /**
     * Finds settings that contradict each other; asked once by what is made from them, since each {@link #with} alone
     * may pass through such a state.
     *
     * @throws IllegalArgumentException naming both values
     */
    public TcpConfig checked() {
        inOrder(SEND_BUFFER_BYTES, SEND_BUFFER_MAX_BYTES);
        inOrder(RECEIVE_BUFFER_BYTES, RECEIVE_BUFFER_MAX_BYTES);
        inOrder(FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT);
        inOrder(MIN_RTO_NS, MAX_RTO_NS);
        inOrder(INITIAL_RTO_NS, MAX_RTO_NS);
        inOrder(DELAYED_ACK_NS, DELAYED_ACK_MAX_NS);
        inOrder(REORDERING_SEGMENTS, MAX_REORDERING_SEGMENTS);
        inOrder(MTU_PROBE_FLOOR_BYTES, MTU_PROBE_BASE_BYTES);
        if (congestionControl.requiresEcn() && get(ECN) == 0) {
            throw new IllegalArgumentException("congestionControl=" + congestionControl.name() + " with "
                    + ECN.camelCase() + "=0: it works by ECN; set ecn=1");
        }
        return this;
    }

    private void inOrder(final TcpSetting smaller, final TcpSetting larger) {
        if (get(smaller) > get(larger)) {
            throw new IllegalArgumentException(text(smaller) + " > " + text(larger));
        }
    }

    private String text(final TcpSetting setting) {
        return setting.camelCase() + "=" + get(setting);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final TcpConfig that && Arrays.equals(values, that.values)
                && congestionControl.equals(that.congestionControl);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + congestionControl.hashCode();
    }

    /** What differs from the defaults. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder("TcpConfig[congestionControl=").append(congestionControl.name());
        for (final TcpSetting setting : TcpSetting.values()) {
            if (get(setting) != setting.defaultValue()) {
                text.append(", ").append(text(setting));
            }
        }
        return text.append(']').toString();
    }
}
