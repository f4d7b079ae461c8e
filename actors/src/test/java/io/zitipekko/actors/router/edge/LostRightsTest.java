package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What loses its right loses what it has open. */
final class LostRightsTest extends EdgeTestBase {
    @Test
    void removedServiceSessionClosesItsConnectionsAndCannotDialAgain() {
        Open open = open();

        world.dialRouter.edge.sessionEvents().onServiceSessionsRemoved(List.of(), List.of("dial-session"));

        Message closed = open.client().next(1);
        assertThat(closed.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(closed.bodyText()).isEqualTo("session closed");
        assertRefused(open.client().connect(2, world.dialToken()), 3, 2, "invalid session");
        assertThat(open.client().channel.isClosed()).isFalse();
        assertThat(lastOf(open.host(), open.child()).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
    }

    @Test
    void removedBindSessionEndsTheListenerAndWhatItServes() {
        Open open = open();

        world.hostRouter.edge.sessionEvents().onServiceSessionsRemoved(List.of(), List.of("bind-session"));

        assertRefused(open.host().next(1), 3, 2, "session ended");
        assertThat(lastOf(open.host(), open.child()).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(lastOf(open.client(), 1).bodyText()).isEqualTo("close called");
        await().atMost(TestSdk.SOON).until(() -> world.controllers.terminators().isEmpty());
        assertRefused(open.host().bind(2, world.bindToken(), Headers.EMPTY), null, null, "invalid session");
    }

    @Test
    void removedApiSessionClosesTheChannel() {
        Open open = open();

        world.dialRouter.apiSessions.remove(List.of("client-token"), List.of());

        awaitClosed(open.client());
        assertThat(open.host().channel.isClosed()).isFalse();
        awaitClosed(world.client());
    }

    @Test
    void removedApiSessionByIdClosesTheChannel() {
        TestSdk client = world.client();
        client.connect(1, "");

        world.dialRouter.apiSessions.remove(List.of(), List.of(new ApiSessionId("as-client")));

        awaitClosed(client);
    }

    @Test
    void disabledIdentityClosesTheChannelAtOnce() {
        Open open = open();

        world.model.identity("client", true);

        assertThat(open.client().next(1).bodyText())
                .as("the reason, before the channel's end")
                .isEqualTo("identity disabled");
        awaitClosed(open.client());
        assertThat(open.host().channel.isClosed()).isFalse();
    }

    @Test
    void aRouterThatWasDisabledEndsItsCircuitsAndThenItsChannels() {
        Open open = open();
        TestSdk idle = world.client();

        world.model.disable(world.dialRouter.id);

        Message closed = open.client().next(1);
        assertThat(closed.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(closed.bodyText()).isEqualTo("this router is disabled");
        assertThat(lastOf(open.host(), open.child()).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        awaitClosed(open.client());
        awaitClosed(idle);
        assertThat(open.host().channel.isClosed()).as("at the other router").isFalse();
        awaitClosed(world.client());
    }

    @Test
    void deletedIdentityClosesTheChannelAtOnce() {
        Open open = open();

        world.model.removeIdentity("host");

        awaitClosed(open.host());
    }

    @Test
    void lostDialRightClosesTheConnectionButNotTheChannel() {
        Open open = open();

        world.model.forbid("client", "svc", PolicyType.DIAL);

        Message closed = open.client().next(1);
        assertThat(closed.bodyText()).isEqualTo("dial access lost");
        assertThat(open.client().channel.isClosed()).isFalse();
    }

    @Test
    void lostBindRightEndsTheListener() {
        Open open = open();

        world.model.forbid("host", "svc", PolicyType.BIND);

        assertRefused(open.host().next(1), 3, 2, "session ended");
        assertThat(lastOf(open.client(), 1).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
    }

    @Test
    void aTerminatorThatTheControllerTakesAwayEndsTheListenerInTheSameWords() {
        Open open = open();
        String terminator = world.controllers.terminators().iterator().next();

        world.hostRouter
                .edge
                .sessionEvents()
                .onTerminatorCreated(Message.of(
                        ControlContentType.CREATE_TERMINATOR_V2_RESPONSE,
                        Headers.EMPTY,
                        CreateTerminatorV2Response.newBuilder()
                                .setTerminatorId(terminator)
                                .setResult(CreateTerminatorResult.FAILED_OTHER)
                                .setErrorCode(EdgeErrorCode.ACCESS_DENIED.code())
                                .setMsg("bind access lost")
                                .build()
                                .toByteArray()));

        assertRefused(open.host().next(1), 3, 2, "session ended");
        assertThat(lastOf(open.client(), 1).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
    }

    @Test
    void aHostWhoseTerminatorIsRefusedWhenTheControllerIsBackLosesWhatItServes() {
        Open open = open();
        world.controllers.onCreate = request -> CreateTerminatorV2Response.newBuilder()
                .setTerminatorId(request.getAddress())
                .setResult(CreateTerminatorResult.FAILED_OTHER)
                .setErrorCode(3)
                .setRetryHint(2)
                .setMsg("invalid session")
                .build();

        // The session ended while the controller was away; that it is gone is said by the refusal only.
        world.controllers.reconnect();

        assertThat(lastOf(open.client(), 1).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(lastOf(open.host(), open.child()).contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
    }

    @Test
    void aModelThatLagsBehindTakesNothingAway() {
        world.model.forbid("client", "svc", PolicyType.DIAL);
        Open open = open();

        world.model.changed(RouterDataModel.Change.EVERYTHING);
        open.client().data(1, ByteString.fromString("still"));

        assertThat(open.host().next(open.child()).bodyText()).isEqualTo("still");
    }
}
