package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.ApiSessionCertificates;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.Sessions;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.ApiSessionAdded;
import io.zitipekko.transport.control.proto.edge.ApiSessionHeartbeat;
import io.zitipekko.transport.control.proto.edge.ApiSessionRemoved;
import io.zitipekko.transport.control.proto.edge.ApiSessionUpdated;
import io.zitipekko.transport.control.proto.edge.ClientHello;
import io.zitipekko.transport.control.proto.edge.SessionRemoved;
import io.zitipekko.transport.control.proto.edge.ValidateSessionsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiSessionSyncTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter router = network.connect("r1");

    @BeforeEach
    void arrange() {
        network.change(
                Samples.put(Samples.identity("ann")),
                Samples.put(Samples.certificate("a1", "ann")),
                Samples.put(Samples.service("web")));
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void fullStateComesInChunksWithItsSyncState() {
        List<Change> sessions = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            sessions.add(Samples.put(Samples.apiSession("as" + (1000 + i), "ann", "a1")));
        }
        network.change(sessions.toArray(Change[]::new));

        hello();

        await().until(() -> chunks().size() == 2);
        assertThat(chunks().get(0).headers().string(ControlHeader.SYNC_STRATEGY_TYPE))
                .contains("instant");
        assertThat(chunks().get(0)
                        .headers()
                        .string(ControlHeader.SYNC_STRATEGY_STATE)
                        .orElseThrow())
                .matches("\\{\"id\":\"[0-9a-f-]{36}\",\"isLast\":false,\"sequence\":0}");
        assertThat(chunks().get(1)
                        .headers()
                        .string(ControlHeader.SYNC_STRATEGY_STATE)
                        .orElseThrow())
                .endsWith("\"isLast\":true,\"sequence\":1}");
        List<ApiSessionAdded> bodies = router.all(ControlContentType.API_SESSION_ADDED, ApiSessionAdded.parser());
        assertThat(bodies).allMatch(ApiSessionAdded::getIsFullState);
        assertThat(bodies).extracting(ApiSessionAdded::getApiSessionsCount).containsExactly(100, 1);
    }

    @Test
    void changesFollowAsIncrements() {
        hello();
        ApiSession session = Samples.apiSession("as1", "ann", "a1");

        network.change(Samples.put(session));
        ApiSessionAdded added =
                router.expect(ControlContentType.API_SESSION_ADDED, ApiSessionAdded.parser(), a -> !a.getIsFullState());
        assertThat(added.getApiSessions(0).getToken()).isEqualTo(session.token());
        assertThat(added.getApiSessions(0).getIdentityId()).isEqualTo("ann");

        network.change(Samples.put(ApiSessionCertificates.TYPE, Samples.apiSessionCertificate("c1", "as1")));
        ApiSessionUpdated updated =
                router.expect(ControlContentType.API_SESSION_UPDATED, ApiSessionUpdated.parser(), u -> true);
        assertThat(updated.getApiSessions(0).getCertFingerprintsList())
                .contains(Samples.fingerprint("session certificate c1").hex());

        network.change(Samples.put(Samples.session("s1", "as1", "ann", "web")));
        network.change(Samples.delete(Sessions.TYPE, "s1"));
        assertThat(router.expect(ControlContentType.SESSION_REMOVED, SessionRemoved.parser(), r -> true)
                        .getIdsList())
                .containsExactly("s1");

        network.change(Samples.delete(ApiSessions.TYPE, "as1"));
        ApiSessionRemoved removed =
                router.expect(ControlContentType.API_SESSION_REMOVED, ApiSessionRemoved.parser(), r -> true);
        assertThat(removed.getTokensList()).containsExactly(session.token());
        assertThat(removed.getIdsList()).containsExactly("as1");
    }

    @Test
    void allSessionsOfADeletedIdentityAreRemovedAtOnceThoughTheirEndTakesMoreChanges() {
        List<Change> sessions = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            sessions.add(Samples.put(Samples.apiSession("as" + i, "ann", "a1")));
        }
        network.change(sessions.toArray(Change[]::new));
        hello();

        network.change(Samples.delete(Identities.TYPE, "ann"));

        ApiSessionRemoved removed =
                router.expect(ControlContentType.API_SESSION_REMOVED, ApiSessionRemoved.parser(), r -> true);
        assertThat(removed.getIdsList()).hasSize(400).doesNotHaveDuplicates();
        FakeRouter later = network.connect("r2");
        later.tell(ControlContentType.CLIENT_HELLO, ClientHello.getDefaultInstance());
        assertThat(later.expect(ControlContentType.API_SESSION_ADDED, ApiSessionAdded.parser(), r -> true)
                        .getApiSessionsList())
                .as("what is left of them is announced to nobody")
                .isEmpty();
    }

    @Test
    void unknownTokensOfAHeartbeatAreRemoved() {
        network.knownTokens = Set.of("good");

        router.tell(
                ControlContentType.API_SESSION_HEARTBEAT,
                ApiSessionHeartbeat.newBuilder()
                        .addTokens("good")
                        .addTokens("gone")
                        .build());

        assertThat(router.expect(ControlContentType.API_SESSION_REMOVED, ApiSessionRemoved.parser(), r -> true)
                        .getTokensList())
                .containsExactly("gone");
    }

    @Test
    void unknownServiceSessionsAreRemovedOnAsking() {
        router.tell(
                ControlContentType.VALIDATE_SESSIONS,
                ValidateSessionsRequest.newBuilder()
                        .addSessionTokens("nonsense")
                        .build());

        assertThat(router.expect(ControlContentType.SESSION_REMOVED, SessionRemoved.parser(), r -> true)
                        .getTokensList())
                .containsExactly("nonsense");
    }

    private void hello() {
        router.tell(ControlContentType.CLIENT_HELLO, ClientHello.getDefaultInstance());
        await().until(() ->
                network.directory().router(new RouterId("r1")).orElseThrow().syncStatus()
                        == RouterStatus.SyncStatus.DONE);
    }

    private List<Message> chunks() {
        return router.channel().sent().stream()
                .filter(m -> m.contentType() == ControlContentType.API_SESSION_ADDED)
                .toList();
    }
}
