package io.zitipekko.actors.router.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReconnectDelayTest {
    private final ReconnectDelay delay = new ReconnectDelay(() -> 0.5);
    private long now = 1;

    private Duration failing(Duration forSoLong) {
        long end = now + forSoLong.toNanos();
        Duration last = Duration.ZERO;
        while (now < end) {
            last = delay.afterFailure(now);
            now += last.toNanos();
        }
        return last;
    }

    @Test
    void aControllerThatIsRestartedIsFoundAQuarterOfASecondAfterItIsBack() {
        delay.opened(now);
        now += Duration.ofHours(1).toNanos();

        assertThat(delay.afterLoss(now)).isEqualTo(Duration.ofMillis(50));
        assertThat(failing(Duration.ofSeconds(5))).isEqualTo(Duration.ofMillis(250));
        assertThat(failing(Duration.ofSeconds(20))).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void oneThatStaysAwayIsAskedEverMoreRarely() {
        assertThat(failing(Duration.ofMinutes(5))).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(3));
        assertThat(failing(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void oneThatClosesAtOnceIsNotAskedAgainAtOnce() {
        delay.opened(now);
        now += Duration.ofMillis(100).toNanos();

        assertThat(delay.afterLoss(now)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anOpenedChannelBeginsAnew() {
        failing(Duration.ofHours(1));
        delay.opened(now);

        assertThat(delay.afterFailure(now)).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void routersDoNotComeAtTheSameMoment() {
        assertThat(new ReconnectDelay(() -> 0).afterFailure(now)).isEqualTo(Duration.ofMillis(25));
        assertThat(new ReconnectDelay(() -> 0.999).afterFailure(now)).isGreaterThan(Duration.ofMillis(74));
    }
}
