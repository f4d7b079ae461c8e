package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.session.DialDecision;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.CreateTerminatorRequest;
import io.zitipekko.transport.control.proto.RemoveTerminatorRequest;
import io.zitipekko.transport.control.proto.RemoveTerminatorsRequest;
import io.zitipekko.transport.control.proto.RouterTerminatorState;
import io.zitipekko.transport.control.proto.TerminatorInvalidReason;
import io.zitipekko.transport.control.proto.UpdateTerminatorRequest;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Request;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Response;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Request;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.control.proto.edge.CreateTunnelTerminatorRequestV2;
import io.zitipekko.transport.control.proto.edge.CreateTunnelTerminatorResponseV2;
import io.zitipekko.transport.edge.EdgeErrorCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TerminatorsTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter router = network.connect("r1");
    private final Identity host = Samples.identity("host");
    private final Identity other = Samples.identity("other");
    private final Service service = Samples.service("web");
    private volatile Identity binding = host;

    @BeforeEach
    void arrange() {
        network.change(
                Samples.put(host),
                Samples.put(other),
                Samples.put(service),
                Samples.put(Samples.servicePolicy(
                        "bind", PolicyType.BIND, Semantic.ANY_OF, List.of("@host", "@other"), List.of("@web"))),
                Samples.put(Samples.serviceEdgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))),
                Samples.put(Samples.edgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))));
        network.authorizer = (api, session, type, at) ->
                TestFabric.allowed(Samples.apiSession("as1", "host", "a1"), binding, service, "s1");
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void hostedTerminatorIsSoftAndAnnouncingItAgainUpdatesIt() {
        long index = network.model.view().index();
        assertThat(announce("t1", "", 5).getResult()).isEqualTo(CreateTerminatorResult.SUCCESS);

        CreateTerminatorV2Response again = announce("t1", "", 9);

        assertThat(again.getResult()).isEqualTo(CreateTerminatorResult.SUCCESS);
        assertThat(again.getTerminatorId()).isEqualTo("t1");
        TerminatorStatus status =
                network.directory().terminator(new TerminatorId("t1")).orElseThrow();
        assertThat(status.soft()).isTrue();
        assertThat(status.terminator().cost()).isEqualTo(9);
        assertThat(status.terminator().hostId()).isEqualTo(host.id());
        assertThat(network.model.view().index()).as("no write of the log").isEqualTo(index);
        assertThat(network.directory().hostsAnything(host.id())).isTrue();
    }

    @Test
    void idOfAnotherHostAndInstanceOfAnotherIdentityAreRefused() {
        announce("t1", "inst", 0);
        binding = other;

        CreateTerminatorV2Response taken = announce("t1", "", 0);
        assertThat(taken.getResult()).isEqualTo(CreateTerminatorResult.FAILED_OTHER);
        assertThat(taken.getErrorCode()).isEqualTo(1);
        assertThat(taken.getRetryHint()).isEqualTo(3);
        assertThat(announce("t2", "inst", 0).getErrorCode()).isEqualTo(13);
        assertThat(announce("t3", "", 65536).getErrorCode()).isEqualTo(10);
        assertThat(announce(" ", "", 0).getResult()).isEqualTo(CreateTerminatorResult.FAILED_OTHER);
    }

    @Test
    @DisplayName("ziti#3927, ziti#3912: hosted terminators outlived the right to host")
    void hostThatLosesItsRightLosesItsTerminators() {
        announce("t1", "", 0);

        network.change(Samples.delete(ServicePolicies.TYPE, "bind"));

        await().until(() -> network.directory().terminators().isEmpty());
    }

    @Test
    void whatIsHostedWhileTheRightGoesIsNotKept() {
        network.confirmation = allowed -> new DialDecision.Denied(
                DialDecision.Refusal.INVALID_SESSION, "no policy carries the service session any more");

        CreateTerminatorV2Response refused = announce("t1", "", 0);

        assertThat(refused.getResult()).isEqualTo(CreateTerminatorResult.FAILED_OTHER);
        assertThat(refused.getErrorCode()).isEqualTo(EdgeErrorCode.INVALID_SESSION.code());
        assertThat(network.directory().terminators()).isEmpty();
    }

    @Test
    void routerTouchesOnlyItsOwn() {
        FakeRouter stranger = network.connect("r2");
        announce("t1", "", 0);

        Message update = stranger.ask(
                ControlContentType.UPDATE_TERMINATOR,
                UpdateTerminatorRequest.newBuilder()
                        .setTerminatorId("t1")
                        .setUpdateCost(true)
                        .setCost(7)
                        .build());
        Message remove = stranger.ask(
                ControlContentType.REMOVE_TERMINATORS,
                RemoveTerminatorsRequest.newBuilder()
                        .addTerminatorIds("t1")
                        .addTerminatorIds("unknown")
                        .build());

        assertThat(Results.isSuccess(update)).isFalse();
        assertThat(Results.isSuccess(remove)).as("without a word").isTrue();
        assertThat(network.directory().terminator(new TerminatorId("t1"))).isPresent();
    }

    @Test
    void fabricTerminatorIsStoredUpdatedAndRemoved() {
        Message created = router.ask(
                ControlContentType.CREATE_TERMINATOR,
                CreateTerminatorRequest.newBuilder()
                        .setServiceId("web")
                        .setBinding("probe")
                        .setAddress("probe:echo")
                        .build());
        TerminatorId id = new TerminatorId(created.bodyText());
        assertThat(network.model.view().get(Terminators.TYPE, id)).isPresent();

        Message updated = router.ask(
                ControlContentType.UPDATE_TERMINATOR,
                UpdateTerminatorRequest.newBuilder()
                        .setTerminatorId(id.value())
                        .setUpdateCost(true)
                        .setCost(77)
                        .build());
        assertThat(updated.bodyText()).isEmpty();
        assertThat(network.model.view().get(Terminators.TYPE, id).orElseThrow().cost())
                .isEqualTo(77);

        router.ask(
                ControlContentType.REMOVE_TERMINATORS,
                RemoveTerminatorsRequest.newBuilder()
                        .addTerminatorIds(id.value())
                        .build());
        assertThat(network.model.view().get(Terminators.TYPE, id)).isEmpty();
        assertThat(router.ask(
                                ControlContentType.REMOVE_TERMINATOR,
                                RemoveTerminatorRequest.newBuilder()
                                        .setTerminatorId(id.value())
                                        .build())
                        .bodyText())
                .isEqualTo("terminator with id " + id + " not found");
    }

    @Test
    void quiescedRouterIsALastResortUntilItIsBack() {
        announce("t1", "", 0);
        Message request = Message.of(ControlContentType.QUIESCE_ROUTER, Headers.EMPTY, new byte[0]);
        assertThat(router.ask(request).bodyText()).isEqualTo("router quiesced");
        assertThat(router.ask(Message.of(ControlContentType.DEQUIESCE_ROUTER, Headers.EMPTY, new byte[0]))
                        .bodyText())
                .isEqualTo("router dequiesced");
        assertThat(network.directory()
                        .terminator(new TerminatorId("t1"))
                        .orElseThrow()
                        .terminator()
                        .precedence())
                .isEqualTo(Precedence.DEFAULT);
    }

    @Test
    void terminatorsAreValidatedAfterCreationAndInvalidOnesGo() {
        announce("t1", "", 0);
        announce("t2", "", 0);
        network.clock.advance(Duration.ofSeconds(6));

        ValidateTerminatorsV2Request asked = router.expect(
                ControlContentType.VALIDATE_TERMINATORS_V2,
                ValidateTerminatorsV2Request.parser(),
                v -> v.getTerminatorsCount() == 2);
        assertThat(asked.getFixInvalid()).isTrue();
        assertThat(asked.getPostCreate()).isTrue();
        ValidateTerminatorsV2Response.Builder answer = ValidateTerminatorsV2Response.newBuilder();
        asked.getTerminatorsList()
                .forEach(t -> answer.putStates(
                        t.getId(),
                        RouterTerminatorState.newBuilder()
                                .setValid(t.getId().equals("t1"))
                                .setReason(TerminatorInvalidReason.UNKNOWN_TERMINATOR)
                                .setMarker(t.getMarker())
                                .build()));
        router.tell(ControlContentType.VALIDATE_TERMINATORS_V2_RESPONSE, answer.build());

        await().until(() -> network.directory().terminators().size() == 1);
        assertThat(network.directory().terminator(new TerminatorId("t1"))).isPresent();
    }

    @Test
    void reconnectedRouterIsAskedForWhatItHad() {
        announce("t1", "", 0);
        router.channel().close("lost");
        await().until(() -> network.directory().routers().isEmpty());
        assertThat(network.directory().terminators(new ServiceId("web"))).hasSize(1);

        router.connect();

        router.expect(
                ControlContentType.VALIDATE_TERMINATORS_V2,
                ValidateTerminatorsV2Request.parser(),
                v -> !v.getPostCreate() && v.getTerminators(0).getId().equals("t1"));
    }

    @Test
    void tunnelerHostsOnlyWithItsOwnBindPolicy() {
        FakeRouter tunneler = network.enroll("r3", true);
        tunneler.connect();
        CreateTunnelTerminatorRequestV2 request = CreateTunnelTerminatorRequestV2.newBuilder()
                .setServiceId("web")
                .setAddress("tun1")
                .setStartTime(123)
                .build();

        CreateTunnelTerminatorResponseV2 denied = tunnel(tunneler, request);
        network.change(Samples.put(
                Samples.servicePolicy("tb", PolicyType.BIND, Semantic.ANY_OF, List.of("@r3"), List.of("@web"))));
        CreateTunnelTerminatorResponseV2 granted = tunnel(tunneler, request);

        assertThat(denied.getResult()).isEqualTo(CreateTerminatorResult.FAILED_OTHER);
        assertThat(denied.getErrorCode()).isEqualTo(6);
        assertThat(denied.getMsg()).isEqualTo("invalid service");
        assertThat(denied.getStartTime()).isZero();
        assertThat(granted.getResult()).isEqualTo(CreateTerminatorResult.SUCCESS);
        assertThat(granted.getStartTime()).isEqualTo(123);
        assertThat(tunneler.ask(Message.of(ControlContentType.REMOVE_TUNNEL_TERMINATOR_REQUEST, Headers.EMPTY, "tun1"))
                        .contentType())
                .isEqualTo(ControlContentType.REMOVE_TUNNEL_TERMINATOR_RESPONSE);
    }

    private static CreateTunnelTerminatorResponseV2 tunnel(
            FakeRouter tunneler, CreateTunnelTerminatorRequestV2 request) {
        return FakeRouter.parse(
                CreateTunnelTerminatorResponseV2.parser(),
                tunneler.ask(ControlContentType.CREATE_TUNNEL_TERMINATOR_V2_REQUEST, request));
    }

    private CreateTerminatorV2Response announce(String id, String instance, int cost) {
        Message answer = router.ask(
                ControlContentType.CREATE_TERMINATOR_V2_REQUEST,
                CreateTerminatorV2Request.newBuilder()
                        .setAddress(id)
                        .setInstanceId(instance)
                        .setCost(cost)
                        .build());
        return FakeRouter.parse(CreateTerminatorV2Response.parser(), answer);
    }
}
