package io.netchannel.tcpip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FuzzCorpusTest {

    @TestFactory
    Stream<DynamicTest> shouldStillSurviveWhatWasFoundBefore() {
        return FuzzTargets.ALL.stream().map(target -> dynamicTest(target.name(), () -> {
            final List<byte[]> inputs = target.inputs();
            assertThat(inputs).isNotEmpty();
            for (final byte[] input : inputs) {
                target.run().accept(input);
            }
        }));
    }
}
