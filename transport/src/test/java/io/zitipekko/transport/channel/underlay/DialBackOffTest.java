package io.zitipekko.transport.channel.underlay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The table of protocol/01 section 10. */
class DialBackOffTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void doublesUpToAMinute() {
        DialBackOff backOff = new DialBackOff(Duration.ofSeconds(30), Duration.ZERO);
        long[] expected = {2, 4, 8, 16, 32, 60, 60, 60};

        assertThat(backOff.delay(0)).isZero();
        for (long seconds : expected) {
            backOff.failed();
            assertThat(backOff.delay(SECOND)).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void anUnderlayThatLivesShortlyCountsAsAFailure() {
        DialBackOff backOff = new DialBackOff(Duration.ofSeconds(30), Duration.ZERO);

        backOff.lost(0, 29 * SECOND);
        assertThat(backOff.delay(29 * SECOND)).isEqualTo(Duration.ofSeconds(2));
        backOff.lost(0, 30 * SECOND);
        assertThat(backOff.delay(30 * SECOND)).isZero();
    }

    @Test
    void aSuccessThatHasLastedForgetsFailures() {
        DialBackOff backOff = new DialBackOff(Duration.ofSeconds(30), Duration.ZERO);
        backOff.failed();
        backOff.failed();
        backOff.succeeded(SECOND);

        assertThat(backOff.delay(2 * SECOND)).isEqualTo(Duration.ofSeconds(4));
        assertThat(backOff.delay(32 * SECOND)).isZero();
    }

    @Test
    void controlUnderlaysNeverCountAsShortLived() {
        DialBackOff backOff = new DialBackOff(Duration.ZERO, Duration.ofSeconds(1));
        backOff.failed();
        backOff.lost(0, SECOND);

        assertThat(backOff.delay(SECOND)).isZero();
    }

    @Test
    void keepsTheGapBetweenTwoDials() {
        DialBackOff backOff = new DialBackOff(Duration.ZERO, Duration.ofSeconds(1));

        assertThat(backOff.delay(5 * SECOND)).isZero();
        backOff.dialing(5 * SECOND);
        assertThat(backOff.delay(5 * SECOND + SECOND / 4)).isEqualTo(Duration.ofMillis(750));
        assertThat(backOff.delay(7 * SECOND)).isZero();
    }
}
