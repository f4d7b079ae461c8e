package io.zitipekko.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import org.junit.jupiter.api.Test;

final class FairnessTest {
    private static ArrayNode bytes(double... each) {
        ArrayNode bytes = new ObjectMapper().createArrayNode();
        for (double one : each) {
            bytes.add(one);
        }
        return bytes;
    }

    @Test
    void equalSharesAreWhollyFair() {
        assertThat(ScaleBench.jain(bytes(2, 2, 2, 2))).isCloseTo(1.0, within(1e-9));
    }

    @Test
    void oneThatHasNearlyEverythingIsHardlyFair() {
        assertThat(ScaleBench.jain(bytes(1e6, 1, 1, 1))).isCloseTo(0.25, within(1e-3));
    }
}
