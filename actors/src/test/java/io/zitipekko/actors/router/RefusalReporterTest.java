package io.zitipekko.actors.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.router.RefusalReporter.Door;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Alert;
import io.zitipekko.transport.control.proto.Alerts;
import io.zitipekko.transport.refusal.RefusalLimiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalReporterTest {
    private final List<Alert> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final RefusalReporter reporter = new RefusalReporter(
            new Controller(),
            () -> now,
            new RefusalLimiter(Duration.ofMinutes(1), () -> now.toEpochMilli() * 1_000_000));

    @Test
    void aRefusalIsToldWithWhoWhenceWhatAndWhy() {
        reporter.refused(Door.LINK, "router 'r2'", "10.0.0.1:5000", "a link", "not enrolled");

        assertThat(told).singleElement().satisfies(alert -> {
            assertThat(alert.getSourceType()).isEqualTo("self");
            assertThat(alert.getMessage()).isEqualTo("link refused: not enrolled");
            assertThat(alert.getDetailsList())
                    .containsExactly("who: router 'r2'", "from: 10.0.0.1:5000", "what: a link");
        });
    }

    @Test
    void thoseLikeItAreCountedForAMinuteAndToldWithTheNextOne() {
        for (int i = 0; i < 100; i++) {
            reporter.refused(Door.EDGE, "nobody", "10.0.0.1:" + i, "a channel", "no token");
        }
        assertThat(told).hasSize(1);

        now = now.plus(Duration.ofMinutes(1));
        reporter.refused(Door.EDGE, "nobody", "10.0.0.1:7", "a channel", "no token");

        assertThat(told).hasSize(2);
        assertThat(told.get(1).getMessage()).contains("and 99 more refusals were not told one by one");
        assertThat(reporter.count(Door.EDGE)).isEqualTo(101);
        assertThat(reporter.count(Door.LINK)).isZero();
    }

    @Test
    void howeverManyPeersAndReasonsThereAreOnlySoManyAreToldAMinute() {
        for (int i = 0; i < 10_000; i++) {
            reporter.refused(Door.LINK, "router", "10.0." + i / 256 + "." + i % 256 + ":1", "a link", "reason " + i);
        }

        assertThat(told).hasSize(200);
        assertThat(reporter.count(Door.LINK)).isEqualTo(10_000);
    }

    @Test
    void aPeersOwnWordsStayOneLineOfBoundedLength() {
        reporter.refused(Door.LINK, "router '\n2026 INFO all is well'", "10.0.0.1:1", "a link", "x".repeat(100_000));

        assertThat(told.get(0).getDetails(0)).doesNotContain("\n");
        assertThat(told.get(0).getMessage().length()).isLessThan(400);
    }

    private final class Controller extends SilentControllers {
        @Override
        public boolean send(ControllerPreference preference, Lane lane, Message message) {
            assertThat(message.contentType()).isEqualTo(ControlContentType.ALERTS);
            try {
                return told.addAll(Alerts.parseFrom(message.bodyBytes()).getAlertsList());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }
}
