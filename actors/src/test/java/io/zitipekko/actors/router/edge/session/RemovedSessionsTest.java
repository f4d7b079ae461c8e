package io.zitipekko.actors.router.edge.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.id.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class RemovedSessionsTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RemovedSessions removed = new RemovedSessions(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void sessionsAreKnownByIdOrToken() {
        removed.add("id1");
        removed.add("token2");

        assertThat(removed.contains(new SessionId("id1"), "token1")).isTrue();
        assertThat(removed.contains(new SessionId("id2"), "token2")).isTrue();
        assertThat(removed.contains(new SessionId("id3"), "token3")).isFalse();
    }

    @Test
    void theyAreForgottenAfterFiveMinutes() {
        removed.add("id1");
        now = now.plus(Duration.ofMinutes(4));
        removed.add("id2");
        now = now.plus(Duration.ofMinutes(2));

        assertThat(removed.contains(new SessionId("id1"), "")).isFalse();
        assertThat(removed.contains(new SessionId("id2"), "")).isTrue();
    }
}
