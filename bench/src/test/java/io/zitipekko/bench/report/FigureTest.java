package io.zitipekko.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FigureTest {
    @Test
    void theMedianOfAnEvenNumberOfRoundsIsBetweenTheMiddleTwo() {
        Figure figure = Figure.of("x", "ms", List.of(4.0, 1.0, 2.0, 8.0));

        assertThat(figure.median()).isEqualTo(3.0);
        assertThat(figure.min()).isEqualTo(1.0);
        assertThat(figure.max()).isEqualTo(8.0);
    }

    @Test
    void theRatioIsTheMedianAsAMultipleOfTheFloor() {
        assertThat(Figure.of("x", "ms", 6).withFloor(4).ratio()).hasValue(1.5);
        assertThat(Figure.of("x", "ms", 6).ratio()).isEmpty();
    }

    @Test
    void aQuantileIsTheValueThatSoManySamplesDoNotExceed() {
        double[] hundred =
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();

        assertThat(Figure.quantile(hundred, 0.5)).isEqualTo(50);
        assertThat(Figure.quantile(hundred, 0.99)).isEqualTo(99);
        assertThat(Figure.quantile(new double[] {7}, 0.999)).isEqualTo(7);
    }

    @Test
    void aSampleThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> Figure.of("x", "ms", Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x: samples");
    }

    @Test
    void cpuOfAllProcessesIsSummedAndEachOnesPartIsKept() {
        Rounds rounds = new Rounds();

        rounds.addCpu("x.cpu", "ms", Map.of("client", 10.0, "host", 30.0), 10);
        rounds.addCpu("x.cpu", "ms", Map.of("client", 20.0, "host", 40.0), 10);

        assertThat(rounds.figure("x.cpu").median()).isCloseTo(5.0, within(1e-9));
        assertThat(rounds.figure("x.cpu").processes())
                .containsEntry("client", 1.5)
                .containsEntry("host", 3.5);
    }
}
