package io.zitipekko.actors.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An identity with thousands of sessions ends without making everybody wait, and a certificate with it the sessions that it opened. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManySessionsTest {
    private static final int SESSIONS = 2_000;
    private static final int MOST_AT_ONCE = 100;
    /** The first batch of a deletion goes with what is deleted. */
    private static final int MOST_WITH_THEIR_OWNER = 260;

    private static final Duration SOON = Duration.ofSeconds(60);

    private SessionWorld world;

    @BeforeAll
    void start() {
        world = new SessionWorld(Duration.ofHours(1));
        world.aServiceNetwork("");
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @Test
    void sessionsOfADisabledIdentityEndInSmallBatchesAndNobodyElsesDo() {
        world.passwordFor("client", "client", "a password");
        List<Change> logins = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            logins.add(Samples.put(Samples.apiSession("many-" + i, "client", "updb-client")));
        }
        world.put(logins.toArray(Change[]::new));
        AuthenticatedSession other = world.login(world.certificateFor("host"));
        Queue<Long> batches = new ConcurrentLinkedQueue<>();
        world.model.subscribe(commit -> {
            long ends = commit.changeSet().changes().stream()
                    .filter(change -> change instanceof Change.Delete && change.type() == ApiSessions.TYPE)
                    .count();
            if (ends > 0) {
                batches.add(ends);
            }
        });

        Identity client = world.model
                .view()
                .get(Identities.TYPE, new IdentityId("client"))
                .orElseThrow();
        world.replace(Identities.TYPE, client, client.withDisabled(Instant.now(), null));

        Awaitility.await().atMost(SOON).until(() -> world.model
                .view()
                .findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, "client")
                .isEmpty());
        assertThat(batches).allMatch(ends -> ends <= MOST_AT_ONCE);
        assertThat(batches.stream().mapToLong(Long::longValue).sum()).isEqualTo(SESSIONS);
        assertThat(world.sessions.apiSessions().resolve(other.session().token()))
                .isPresent();
    }

    @Test
    void aDeletedIdentityIsRefusedAtOnceAndItsSessionsAreRemovedInSmallBatches() {
        world.put(Samples.put(Samples.identity("leaver")));
        world.passwordFor("leaver", "leaver", "a password");
        List<Change> logins = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            logins.add(Samples.put(Samples.apiSession("left-" + i, "leaver", "updb-leaver")));
            logins.add(Samples.put(Samples.session("left-" + i, "left-" + i, "leaver", "service")));
        }
        world.put(logins.toArray(Change[]::new));
        List<String> tokens = world.model.view().findAll(ApiSessions.TYPE, ApiSessions.BY_IDENTITY, "leaver").stream()
                .map(ApiSession::token)
                .toList();
        Queue<Integer> commits = new ConcurrentLinkedQueue<>();
        world.model.subscribe(commit -> commits.add(commit.changeSet().changes().size()));

        world.delete(Identities.TYPE, "leaver");

        assertThat(tokens)
                .hasSize(SESSIONS)
                .noneMatch(token -> world.sessions.apiSessions().resolve(token).isPresent());
        world.put(Samples.put(Samples.identity("joiner", "leaver", new String[0])));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> left(ApiSessions.TYPE, ApiSessions.BY_IDENTITY).isEmpty()
                        && left(Sessions.TYPE, Sessions.BY_IDENTITY).isEmpty());
        assertThat(commits).allMatch(changes -> changes <= MOST_WITH_THEIR_OWNER);
    }

    private <E extends Entity> List<E> left(EntityType<E> type, EntityType.Key<E> key) {
        return world.model.view().findAll(type, key, "leaver");
    }

    @Test
    void aSessionEndsWithItsCertificateUnlessThePolicyAdmitsExpiredOnes() {
        world.put(Samples.put(Samples.identity("strict")));
        world.policy(true, false, 0, 0);
        AuthenticatedSession session =
                world.login(world.certificateFor("strict", world.intermediate, Duration.ofSeconds(3)));

        Awaitility.await().atMost(SOON).until(() -> world.model
                .view()
                .get(ApiSessions.TYPE, session.session().id())
                .isEmpty());
        assertThat(world.sessions.apiSessions().resolve(session.session().token()))
                .isEmpty();
    }
}
