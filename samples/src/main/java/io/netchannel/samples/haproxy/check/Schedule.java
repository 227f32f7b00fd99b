package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import java.util.function.DoubleSupplier;

/** When a server is checked again (configuration manual: inter, fastinter, downinter, spread-checks). */
final class Schedule {

    private static final int PERCENT = 100;

    private final long interMs;
    private final long fastMs;
    private final long downMs;
    private final int spreadPercent;
    private final DoubleSupplier random;

    /** @param random from 0 to 1 */
    Schedule(final ServerSettings settings, final boolean agent, final int spreadPercent, final DoubleSupplier random) {
        this.interMs = settings.get(agent ? ServerOptions.AGENT_INTER_MS : ServerOptions.INTER_MS);
        this.fastMs = agent ? 0 : settings.get(ServerOptions.FAST_INTER_MS);
        this.downMs = agent ? 0 : settings.get(ServerOptions.DOWN_INTER_MS);
        this.spreadPercent = spreadPercent;
        this.random = random;
    }

    /** Between checks, as the health is. */
    long intervalMs(final Health health) {
        if (health.isInTransition()) {
            return fastMs == 0 ? interMs : fastMs;
        }
        if (health.isDown()) {
            return downMs == 0 ? interMs : downMs;
        }
        return interMs;
    }

    /** Until the next check, a random part of the interval more or less. */
    long delayMs(final Health health) {
        final long interval = intervalMs(health);
        final long spread = interval * spreadPercent / PERCENT;
        return interval + spread - (long) (2 * spread * random.getAsDouble());
    }

    /** After too many observed errors; 0: as planned. */
    long hurryMs() {
        return fastMs;
    }

    /** How long a connection may take: timeout connect only counts where there is a timeout check too. */
    long connectLimitMs(final long connectTimeoutMs, final long checkTimeoutMs) {
        return connectTimeoutMs > 0 && checkTimeoutMs > 0 ? Math.min(interMs, connectTimeoutMs) : interMs;
    }
}
