package io.netchannel.samples.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OpenPathsTest {

    private final List<String> told = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final OpenPaths<Opened> paths = new OpenPaths<>(told::add);

    private record Kind(String name, String description) implements PathKind {
    }

    private final class Opened implements ComparedPath {

        private final PathKind kind;
        private final RuntimeException problem;

        Opened(final String name, final RuntimeException problem) {
            this.kind = new Kind(name, "the path " + name);
            this.problem = problem;
        }

        @Override
        public PathKind kind() {
            return kind;
        }

        @Override
        public void close() {
            closed.add(label());
            if (problem != null) {
                throw problem;
            }
        }
    }

    @Test
    void shouldSayWhatIsLeftOutAndWhy() {
        paths.open("a", "needs root", () -> {
            throw new AssertionError("opened all the same");
        });
        paths.open("b", null, () -> {
            throw new LoadFailure("it does not start");
        });
        assertThat(paths.skipped()).containsExactly("a: needs root", "b: it does not start");
        assertThat(told).containsExactly("skipped a: needs root", "opening b", "skipped b: it does not start");
        assertThatThrownBy(paths::opened).isInstanceOf(LoadFailure.class)
                .hasMessage("a: needs root; b: it does not start");
    }

    @Test
    void shouldCloseEachPathWhateverTheOthersDo() {
        paths.open("a", null, () -> new Opened("A", new LoadFailure("stuck")));
        paths.open("b", null, () -> new Opened("b", null));
        assertThat(paths.descriptions()).isEqualTo(Map.of("a", "the path A", "b", "the path b"));
        paths.close();
        assertThat(closed).containsExactly("a", "b");
        assertThat(told).contains("path a did not close: stuck");
    }

    @Test
    void shouldOpenNothingMoreWhenInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> paths.open("a", null, () -> new Opened("A", null))).hasMessage("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
