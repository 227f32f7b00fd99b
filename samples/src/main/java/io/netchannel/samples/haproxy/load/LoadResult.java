package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a path has come to.
 *
 * @param failure why it stopped, or null
 */
record LoadResult(String path, List<LoadRound> rounds, String failure) {

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    private Spread spread(final ToDoubleFunction<LoadRound> value) {
        return Spread.of(rounds.stream().mapToDouble(value));
    }

    Spread perSecond() {
        return spread(round -> round.counts().perSecond());
    }

    Spread p50Micros() {
        return spread(round -> round.counts().p50Micros());
    }

    Spread p99Micros() {
        return spread(round -> round.counts().p99Micros());
    }

    Spread cpuMicros() {
        return spread(LoadRound::cpuMicros);
    }
}
