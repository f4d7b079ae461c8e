package io.zitipekko.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;

final class FairnessTest {
    private static ArrayNode seconds(double... each) {
        ArrayNode seconds = new ObjectMapper().createArrayNode();
        for (double one : each) {
            seconds.add(one);
        }
        return seconds;
    }

    @Test
    void equalRatesAreWhollyFair() {
        assertThat(ScaleBench.jain(seconds(2, 2, 2, 2))).isCloseTo(1.0, within(1e-9));
    }

    @Test
    void oneThatHasNearlyEverythingIsHardlyFair() {
        assertThat(ScaleBench.jain(seconds(1, 1e6, 1e6, 1e6))).isCloseTo(0.25, within(1e-3));
    }
}
