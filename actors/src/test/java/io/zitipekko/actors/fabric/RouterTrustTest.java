package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.event.AlertEvent;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.control.RouteResult;
import io.zitipekko.transport.control.proto.Alert;
import io.zitipekko.transport.control.proto.Alerts;
import io.zitipekko.transport.control.proto.CircuitConfirmation;
import io.zitipekko.transport.control.proto.CircuitRequest;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.LinkConn;
import io.zitipekko.transport.control.proto.LinkConnState;
import io.zitipekko.transport.control.proto.LinkStateUpdate;
import io.zitipekko.transport.control.proto.PeerState;
import io.zitipekko.transport.control.proto.PeerStateChanges;
import io.zitipekko.transport.control.proto.RemoveTerminatorRequest;
import io.zitipekko.transport.control.proto.RemoveTerminatorsRequest;
import io.zitipekko.transport.control.proto.RouterTerminatorState;
import io.zitipekko.transport.control.proto.TerminatorPrecedence;
import io.zitipekko.transport.control.proto.Unroute;
import io.zitipekko.transport.control.proto.UpdateTerminatorRequest;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Response;
import io.zitipekko.transport.control.proto.VerifyRouter;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Request;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.control.proto.edge.UpdateTunnelTerminatorRequest;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A router speaks only as itself, and one that is not trusted any more has nothing left (protocol/03 section 16). */
class RouterTrustTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter ingress = network.connect("r1");
    private final FakeRouter egress = network.connect("r2");
    private final FakeRouter stranger = network.connect("r3");

    @BeforeEach
    void arrange() {
        Service plain = new Service(
                new ServiceId("plain"), Samples.META, "plain", false, "smartrouting", Set.of(), List.of(), 0);
        network.change(
                Samples.put(plain),
                Samples.put(Samples.identity("host")),
                Samples.put(Samples.terminator("t1", "plain", "r2")),
                Samples.put(Samples.serviceEdgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))),
                Samples.put(Samples.edgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))));
        ingress.reportLink("l1", "r2", 1, true);
        awaitUsable("l1");
    }

    @AfterEach
    void stop() {
        network.close();
    }

    static Stream<Arguments> waysToLoseTrust() {
        return Stream.of(
                Arguments.of("disabled", (UnaryOperator<EdgeRouter>) ControlAcceptanceTest::disabled),
                Arguments.of("to enroll again", (UnaryOperator<EdgeRouter>) ControlAcceptanceTest::unenrolled),
                Arguments.of("deleted", (UnaryOperator<EdgeRouter>) r -> null));
    }

    private void loseTrust(String id, UnaryOperator<EdgeRouter> how) {
        EdgeRouter before = network.router(id);
        EdgeRouter after = how.apply(before);
        network.change(
                after == null
                        ? Samples.delete(EdgeRouters.TYPE, id)
                        : Samples.replace(EdgeRouters.TYPE, before, after));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysToLoseTrust")
    void aListeningRouterThatLosesTrustLosesChannelLinksAndCircuitsAtOnce(String what, UnaryOperator<EdgeRouter> how) {
        String circuit = dial();

        loseTrust("r2", how);

        assertThat(ingress.expect(ControlContentType.UNROUTE, Unroute.parser(), u -> u.getCircuitId()
                                .equals(circuit))
                        .getNow())
                .isTrue();
        assertPeersAreTold(ingress, "r2", "l1");
        await().until(() -> egress.channel().isClosed());
        await().until(() -> network.directory().link(new LinkId("l1")).isEmpty());
        await().until(() -> network.directory().circuits().isEmpty());
        assertThat(egress.hello()).as("coming back").isInstanceOf(HelloAnswer.Drop.class);
        assertThat(egress.channel().ask(dialRequest()))
                .as("an answer on the closed channel")
                .isNotCompleted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysToLoseTrust")
    void aDialingRouterThatLosesTrustLosesChannelLinksAndCircuitsAtOnce(String what, UnaryOperator<EdgeRouter> how) {
        String circuit = dial();

        loseTrust("r1", how);

        assertThat(egress.expect(ControlContentType.UNROUTE, Unroute.parser(), u -> u.getCircuitId()
                                .equals(circuit))
                        .getNow())
                .isTrue();
        assertPeersAreTold(egress, "r1", "l1");
        await().until(() -> network.directory().link(new LinkId("l1")).isEmpty());
        assertThat(ingress.hello()).isInstanceOf(HelloAnswer.Drop.class);
    }

    /** By push, with both messages: a peer that knows only one of them drops the link all the same. */
    private static void assertPeersAreTold(FakeRouter peer, String gone, String link) {
        peer.expect(ControlContentType.PEER_STATE_CHANGES, PeerStateChanges.parser(), p -> p.getChangesList().stream()
                .anyMatch(c -> c.getId().equals(gone) && c.getState() == PeerState.REMOVED));
        peer.expect(
                ControlContentType.FAULT,
                Fault.parser(),
                f -> f.getSubject() == FaultSubject.LINK_FAULT && f.getId().equals(link));
    }

    @Test
    void aRouterThatOnlyLostItsChannelKeepsItsLinksAndCircuits() {
        String circuit = dial();

        egress.channel().close("cut");

        ingress.expect(
                ControlContentType.PEER_STATE_CHANGES, PeerStateChanges.parser(), p -> p.getChangesList().stream()
                        .anyMatch(c -> c.getId().equals("r2") && c.getState() == PeerState.UNHEALTHY));
        assertThat(network.directory().link(new LinkId("l1"))).isPresent();
        assertThat(network.directory().circuit(new CircuitId(circuit))).isPresent();
        assertThat(egress.hello()).isInstanceOf(HelloAnswer.Accept.class);
    }

    @Test
    void aLinkWithARouterThatIsNotTrustedIsNoLink() {
        network.enroll("r4");
        loseTrust("r4", ControlAcceptanceTest::disabled);

        ingress.reportLink("with-disabled", "r4", 1, false);
        ingress.reportLink("with-unknown", "nobody", 1, false);
        ingress.reportLink("good", "r3", 1, false);

        awaitUsable("good");
        assertThat(network.directory().link(new LinkId("with-disabled"))).isEmpty();
        assertThat(network.directory().link(new LinkId("with-unknown"))).isEmpty();
    }

    @Test
    void aRouterThatIsNoEndOfALinkChangesNothingAboutIt() {
        stranger.tell(
                ControlContentType.LINK_STATE,
                LinkStateUpdate.newBuilder()
                        .setLinkId("l1")
                        .setLinkIteration(1)
                        .setConnState(LinkConnState.newBuilder()
                                .setStateIteration(9)
                                .addConns(LinkConn.newBuilder().setType("link.default")))
                        .build());
        stranger.fault(FaultSubject.LINK_FAULT, "l1");
        stranger.fault(FaultSubject.LINK_DUPLICATE, "l1");
        stranger.reportLink("l1", "r2", 7, true);
        stranger.reportLink("l1", "r3", 8, false);
        stranger.reportLink("own", "r2", 1, false);

        awaitUsable("own");
        LinkStatus link = network.directory().link(new LinkId("l1")).orElseThrow();
        assertThat(link.usable()).isTrue();
        assertThat(link.iteration()).isEqualTo(1);
        assertThat(link.connections()).isEmpty();
    }

    @Test
    void theRouterThatALinkWasDialedToCannotReportItAsItsOwn() {
        egress.reportLink("l1", "r1", 5, true);
        egress.reportLink("own", "r3", 1, false);

        awaitUsable("own");
        assertThat(network.directory().link(new LinkId("l1")).orElseThrow().iteration())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("ziti#4234: operations on terminators were not scoped by the router that asks")
    void terminatorsOfAnotherRouterAreOutOfReachForEveryMessage() {
        network.authorizer = (api, session, type, at) -> TestFabric.allowed(
                Samples.apiSession("as1", "host", "a1"),
                Samples.identity("host"),
                network.model
                        .view()
                        .get(io.zitipekko.actors.model.type.Services.TYPE, new ServiceId("plain"))
                        .orElseThrow(),
                "s1");
        assertThat(announce(egress, "hosted")).isEqualTo(CreateTerminatorResult.SUCCESS);

        for (String id : List.of("t1", "hosted")) {
            stranger.ask(
                    ControlContentType.UPDATE_TERMINATOR,
                    UpdateTerminatorRequest.newBuilder()
                            .setTerminatorId(id)
                            .setUpdateCost(true)
                            .setCost(7)
                            .setUpdatePrecedence(true)
                            .setPrecedence(TerminatorPrecedence.TERMINATOR_PRECEDENCE_FAILED)
                            .build());
            stranger.ask(
                    ControlContentType.REMOVE_TERMINATOR,
                    RemoveTerminatorRequest.newBuilder().setTerminatorId(id).build());
            stranger.ask(
                    ControlContentType.REMOVE_TERMINATORS,
                    RemoveTerminatorsRequest.newBuilder().addTerminatorIds(id).build());
            stranger.ask(
                    ControlContentType.EDGE_UPDATE_TERMINATOR_REQUEST,
                    io.zitipekko.transport.control.proto.edge.UpdateTerminatorRequest.newBuilder()
                            .setTerminatorId(id)
                            .setUpdateCost(true)
                            .setCost(7)
                            .build());
            stranger.ask(
                    ControlContentType.EDGE_REMOVE_TERMINATOR_REQUEST,
                    io.zitipekko.transport.control.proto.edge.RemoveTerminatorRequest.newBuilder()
                            .setTerminatorId(id)
                            .build());
            stranger.ask(
                    ControlContentType.UPDATE_TUNNEL_TERMINATOR_REQUEST,
                    UpdateTunnelTerminatorRequest.newBuilder()
                            .setTerminatorId(id)
                            .setUpdateCost(true)
                            .setCost(7)
                            .build());
            stranger.ask(Message.of(ControlContentType.REMOVE_TUNNEL_TERMINATOR_REQUEST, Headers.EMPTY, id));
            stranger.tell(
                    ControlContentType.VALIDATE_TERMINATORS_V2_RESPONSE,
                    ValidateTerminatorsV2Response.newBuilder()
                            .putStates(id, RouterTerminatorState.getDefaultInstance())
                            .build());
            assertThat(announce(stranger, id)).isEqualTo(CreateTerminatorResult.FAILED_OTHER);
        }

        for (String id : List.of("t1", "hosted")) {
            TerminatorStatus status =
                    network.directory().terminator(new TerminatorId(id)).orElseThrow();
            assertThat(status.terminator().routerId().value()).isEqualTo("r2");
            assertThat(status.terminator().cost()).isNotEqualTo(7);
            assertThat(status.terminator().precedence()).isEqualTo(Precedence.DEFAULT);
        }
    }

    private static CreateTerminatorResult announce(FakeRouter router, String id) {
        return FakeRouter.parse(
                        CreateTerminatorV2Response.parser(),
                        router.ask(
                                ControlContentType.CREATE_TERMINATOR_V2_REQUEST,
                                CreateTerminatorV2Request.newBuilder()
                                        .setAddress(id)
                                        .build()))
                .getResult();
    }

    @Test
    void aRouterThatIsNotOnACircuitCannotAnswerEndOrMoveIt() {
        String circuit = dial();
        network.clock.advance(Duration.ofSeconds(1));

        for (FaultSubject subject : List.of(
                FaultSubject.INGRESS_FAULT,
                FaultSubject.EGRESS_FAULT,
                FaultSubject.FORWARD_FAULT,
                FaultSubject.UNKNOWN_OWNER_FORWARD_FAULT)) {
            stranger.fault(subject, circuit);
        }
        stranger.tell(
                ControlContentType.CIRCUIT_CONFIRMATION,
                CircuitConfirmation.newBuilder()
                        .addCircuitIds(circuit)
                        .putIdleTimes(circuit, Duration.ofDays(365).toNanos())
                        .build());
        stranger.channel()
                .receive(RouteResult.failure(circuit, 0, RouteErrorCode.INVALID_TERMINATOR, "made up")
                        .toMessage());
        stranger.channel()
                .receive(RouteResult.success(circuit, 0, PeerData.EMPTY).toMessage());

        stranger.expect(ControlContentType.UNROUTE, Unroute.parser(), u -> u.getCircuitId()
                .equals(circuit));
        assertThat(dial()).as("the circuit's actor has taken what came before").isNotEqualTo(circuit);
        CircuitStatus status =
                network.directory().circuit(new CircuitId(circuit)).orElseThrow();
        assertThat(status.nodes()).extracting(r -> r.value()).containsExactly("r1", "r2");
        assertThat(network.directory().terminator(new TerminatorId("t1"))).isPresent();
        assertThat(ingress.all(ControlContentType.UNROUTE, Unroute.parser())).isEmpty();
    }

    @Test
    void anAnswerToARouteThatWasNotSentToThatRouterOpensNothing() {
        egress.silent = true;
        var answer = ingress.channel().ask(dialRequest());
        String circuit = ingress.expect(
                        ControlContentType.ROUTE, io.zitipekko.transport.control.proto.Route.parser(), r -> true)
                .getCircuitId();

        stranger.channel()
                .receive(RouteResult.success(circuit, 0, PeerData.EMPTY).toMessage());
        stranger.reportLink("own", "r2", 1, false);

        awaitUsable("own");
        assertThat(answer).isNotCompleted();
        egress.channel().receive(RouteResult.success(circuit, 0, PeerData.EMPTY).toMessage());
        assertThat(answer.join().contentType()).isEqualTo(ControlContentType.CIRCUIT_SUCCESS);
    }

    @Test
    void alertsInTheNameOfAnotherRouterAreDropped() {
        List<AlertEvent> alerts = new ArrayList<>();
        network.events.subscribe(AlertEvent.class, alerts::add);

        stranger.tell(
                ControlContentType.ALERTS,
                Alerts.newBuilder()
                        .addAlerts(Alert.newBuilder()
                                .setSourceType("router")
                                .setSourceId("r1")
                                .setMessage("forged"))
                        .addAlerts(Alert.newBuilder()
                                .setSourceType("router")
                                .setSourceId("r3")
                                .setMessage("own id"))
                        .addAlerts(Alert.newBuilder().setSourceType("self").setMessage("self"))
                        .build());

        await().until(() -> alerts.size() >= 2);
        assertThat(alerts).extracting(AlertEvent::message).containsExactly("own id", "self");
    }

    @Test
    @DisplayName("GHSA-hhm9-wf63-g7qj: a router's identity was looked for in any certificate of the chain")
    void onlyOneCertificateCanBeTheOneThatARouterProved() {
        String right = Fingerprint.of(egress.leaf).hex();
        String own = Fingerprint.of(stranger.leaf).hex();

        assertThat(verify("r2", right)).isTrue();
        assertThat(verify("r2", own)).isFalse();
        assertThat(verify("r2", own, right)).as("the peer's leaf, then filler").isFalse();
        assertThat(verify("r2", right, own)).isFalse();
        assertThat(verify("r2")).isFalse();
        assertThat(verify("", right)).isFalse();
        loseTrust("r2", ControlAcceptanceTest::disabled);
        assertThat(verify("r2", right)).as("disabled").isFalse();
    }

    private boolean verify(String id, String... fingerprints) {
        return Results.isSuccess(ingress.ask(
                ControlContentType.VERIFY_ROUTER,
                VerifyRouter.newBuilder()
                        .setRouterId(id)
                        .addAllFingerprints(List.of(fingerprints))
                        .build()));
    }

    @Test
    @DisplayName(
            "GHSA-7868-235p-7497: who dials was taken from a header of the router, the API session was not checked")
    void noCircuitIsMadeForAnIdentityWhoseSessionWasNotProved() {
        for (String token : List.of("", "expired", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJob3N0In0.")) {
            for (Message request : List.of(
                    new io.zitipekko.transport.control.CreateCircuitV2Request(
                                    token, token, List.of(), "", PeerData.EMPTY)
                            .toMessage(),
                    new io.zitipekko.transport.control.CreateCircuitV3Request(
                                    "host", "plain", token, List.of(), "", "", PeerData.EMPTY)
                            .toMessage())) {
                assertThat(io.zitipekko.transport.control.EdgeError.from(ingress.ask(request))
                                .code())
                        .isEqualTo(EdgeErrorCode.INVALID_API_SESSION);
            }
        }
        assertThat(network.directory().circuits()).isEmpty();
        assertThat(egress.all(ControlContentType.ROUTE, io.zitipekko.transport.control.proto.Route.parser()))
                .isEmpty();
    }

    private String dial() {
        return ingress.ask(dialRequest()).bodyText();
    }

    private static Message dialRequest() {
        return Message.of(
                ControlContentType.CIRCUIT_REQUEST,
                Headers.EMPTY,
                CircuitRequest.newBuilder()
                        .setIngressId("in")
                        .setService("plain")
                        .build()
                        .toByteArray());
    }

    private void awaitUsable(String link) {
        await().until(() -> network.directory()
                .link(new LinkId(link))
                .filter(LinkStatus::usable)
                .isPresent());
    }
}
