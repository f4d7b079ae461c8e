package io.zitipekko.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadShareTest {
    @Test
    void workOnOneThreadIsNotParallel() {
        assertThat(LinkScale.parallel(Map.of(1L, 50.0, 2L, 900.0), Map.of(1L, 150.0, 2L, 900.0)))
                .isEqualTo(1);
    }

    @Test
    void workThatFourThreadsShareIsFourTimesAsMuchAsOneDoes() {
        assertThat(LinkScale.parallel(Map.of(), Map.of(1L, 10.0, 2L, 10.0, 3L, 10.0, 4L, 10.0)))
                .isEqualTo(4);
    }

    @Test
    void theBusiestThreadBoundsWhatTheOthersAddToIt() {
        assertThat(LinkScale.parallel(Map.of(1L, 0.0), Map.of(1L, 80.0, 2L, 20.0, 3L, 20.0)))
                .isEqualTo(1.5);
    }

    @Test
    void aThreadThatEndedMeanwhileDoesNotCount() {
        assertThat(LinkScale.parallel(Map.of(1L, 10.0, 2L, 10.0), Map.of(1L, 30.0)))
                .isEqualTo(1);
    }

    @Test
    void nothingToDoIsOneThreadsWork() {
        assertThat(LinkScale.parallel(Map.of(1L, 10.0), Map.of(1L, 10.0))).isEqualTo(1);
    }
}
