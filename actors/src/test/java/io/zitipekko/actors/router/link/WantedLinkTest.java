package io.zitipekko.actors.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.router.RouterSettings.Backoff;
import io.zitipekko.actors.router.RouterSettings.LinkDialer;
import io.zitipekko.transport.address.TransportAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WantedLinkTest {
    private static final TransportAddress HERE = TransportAddress.tls("127.0.0.1", 6000);
    private static final TransportAddress THERE = TransportAddress.tls("127.0.0.1", 6001);
    private static final String VERSION = "v2.0.0";

    /** Of 64 bits; half of them is the middle of all chances. */
    private long drawn = Long.MIN_VALUE;

    private final WantedLink link = new WantedLink(LinkDialer.DEFAULT, HERE, VERSION, () -> drawn);

    private Duration fail() {
        link.dial();
        return link.failed();
    }

    @Test
    void dialsThatFailWaitLongerEachTimeUpToTheMost() {
        assertThat(fail()).isEqualTo(Backoff.HEALTHY.min());
        assertThat(fail()).isEqualTo(Duration.ofMillis(7_500));
        for (int i = 0; i < 20; i++) {
            fail();
        }
        assertThat(fail()).isEqualTo(Backoff.HEALTHY.max());
        assertThat(link.iteration()).isEqualTo(23);
        assertThat(link.isDialing()).isFalse();
    }

    @Test
    void chanceMakesAPauseLongerOrShorterButNeverShorterThanTheOneBefore() {
        fail();
        drawn = -1;
        assertThat(fail()).as("twice as long at most").isBetween(Duration.ofMillis(9_999), Duration.ofMillis(10_000));
        drawn = 0;

        assertThat(fail()).as("once at least").isBetween(Duration.ofMillis(9_999), Duration.ofMillis(10_000));
    }

    @Test
    void aRouterThatIsReportedDownIsDialledSeldom() {
        link.unhealthy();

        assertThat(fail()).isEqualTo(Backoff.UNHEALTHY.min());
        assertThat(link.lost("reset")).hasValueSatisfying(why -> assertThat(why).contains("reported down"));
    }

    @Test
    void aRouterThatIsReportedBackIsDialledWithoutAPause() {
        link.unhealthy();
        fail();
        fail();

        assertThat(link.healthyAt(HERE, VERSION)).as("it has not moved").isFalse();

        assertThat(fail()).isEqualTo(Backoff.HEALTHY.min());
    }

    @Test
    void aNewAddressIsANewPlaceToDial() {
        assertThat(link.healthyAt(THERE, VERSION)).isTrue();
        assertThat(link.address()).isEqualTo(THERE);
    }

    @Test
    void aPeerThatOnlyClosesItsLinksIsNotDialledAgainAtOnce() {
        link.up();
        assertThat(link.lost("reset")).as("once may be chance").isEmpty();
        link.up();
        assertThat(link.lost("reset"))
                .hasValueSatisfying(why -> assertThat(why).contains("soon after it came up", "reset"));
        assertThat(link.failed()).isEqualTo(Backoff.HEALTHY.min());
        link.up();
        assertThat(link.lost("reset")).isPresent();
        assertThat(link.failed()).as("the pauses grow").isEqualTo(Duration.ofMillis(7_500));
    }

    @Test
    void aLinkThatLastedIsDialledAgainAtOnce() {
        link.up();
        link.lost("reset");
        link.up();
        link.lost("reset");
        fail();

        link.up();
        link.settled();

        assertThat(link.lost("reset")).isEmpty();
        assertThat(link.failures()).isZero();
        assertThat(fail()).isEqualTo(Backoff.HEALTHY.min());
    }
}
