package io.zitipekko.actors.session;

import static io.zitipekko.actors.session.SessionWorld.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Sessions;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionExpiryTest {
    private static final Duration TIMEOUT = Duration.ofMillis(600);

    private SessionWorld world;

    @BeforeAll
    void start() {
        world = new SessionWorld(TIMEOUT);
        world.aServiceNetwork("");
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @Test
    void aSessionThatIsNotUsedEndsWithItsServiceSessions() {
        AuthenticatedSession session = world.login(world.certificateFor("client"));
        get(world.sessions.serviceSessions().open(session, new ServiceId("service"), PolicyType.DIAL));

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(world.sessions.apiSessions().resolve(session.session().token()))
                    .isEmpty();
            assertThat(world.model
                            .view()
                            .get(ApiSessions.TYPE, session.session().id()))
                    .isEmpty();
            assertThat(world.model.view().all(Sessions.TYPE)).isEmpty();
        });
    }

    @Test
    void useKeepsASessionAliveWithoutWritingTheModel() {
        AuthenticatedSession session = world.login(world.certificateFor("host"));
        long written = world.model.view().index();
        Instant until = Instant.now().plus(TIMEOUT.multipliedBy(3));

        Awaitility.await()
                .pollInterval(TIMEOUT.dividedBy(6))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    world.sessions.apiSessions().touch(session.session().id());
                    return Instant.now().isAfter(until);
                });

        assertThat(world.sessions.apiSessions().resolve(session.session().token()))
                .hasValueSatisfying(found -> assertThat(found.expiresAt()).isAfter(until));
        assertThat(world.model.view().get(ApiSessions.TYPE, session.session().id()))
                .contains(session.session());
        assertThat(world.model.view().index()).isEqualTo(written);
    }
}
