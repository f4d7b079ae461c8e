package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.type.Terminators;
import io.zitipekko.actors.session.DialDecision;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.CreateCircuitResponse;
import io.zitipekko.transport.control.CreateCircuitV2Request;
import io.zitipekko.transport.control.CreateCircuitV3Request;
import io.zitipekko.transport.control.EdgeError;
import io.zitipekko.transport.control.PeerData;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.control.proto.CircuitConfirmation;
import io.zitipekko.transport.control.proto.CircuitRequest;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.Route;
import io.zitipekko.transport.control.proto.Unroute;
import io.zitipekko.transport.control.proto.edge.CreateTunnelCircuitV2Request;
import io.zitipekko.transport.control.proto.edge.CreateTunnelCircuitV2Response;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CircuitsTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter ingress = network.connect("r1");
    private final FakeRouter egress = network.connect("r2");
    private final Service plain =
            new Service(new ServiceId("plain"), Samples.META, "plain", false, "smartrouting", Set.of(), List.of(), 0);

    @BeforeEach
    void arrange() {
        Terminator terminator = Samples.terminator("t1", "plain", "r2");
        network.change(
                Samples.put(plain),
                Samples.put(terminator),
                Samples.put(Samples.serviceEdgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))),
                Samples.put(Samples.edgeRouterPolicy("all", Semantic.ANY_OF, List.of("#all"), List.of("#all"))));
        ingress.reportLink("l1", "r2", 1, true);
        awaitLink("l1");
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void circuitOverTwoRoutersIsRoutedOnBothAndAnswered() {
        egress.egressData = PeerData.EMPTY
                .with(ControlHeader.TERMINATOR_LOCAL_ADDRESS, "tcp:1")
                .with(EdgeHeader.APP_DATA, "hello");

        Message answer = dial("plain");

        assertThat(answer.contentType()).isEqualTo(ControlContentType.CIRCUIT_SUCCESS);
        String address = answer.headers().string(ControlHeader.CIRCUIT_ADDRESS).orElseThrow();
        assertThat(answer.headers().string(EdgeHeader.APP_DATA)).contains("hello");
        assertThat(answer.headers().has(ControlHeader.TERMINATOR_LOCAL_ADDRESS)).isFalse();
        Route first = route(ingress, 0);
        Route last = route(egress, 0);
        String id = answer.bodyText();
        assertThat(first.getCircuitId()).isEqualTo(id);
        assertThat(first.getForwardsList())
                .extracting(Route.Forward::getSrcAddress, Route.Forward::getDstAddress, Route.Forward::getDstType)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(address, "l1", Route.DestType.LINK),
                        org.assertj.core.groups.Tuple.tuple("l1", address, Route.DestType.START));
        assertThat(first.hasEgress()).isFalse();
        assertThat(last.getEgress().getDestination()).isEqualTo("tcp:localhost:80");
        assertThat(last.getEgress().getBinding()).isEqualTo("transport");
        assertThat(last.getForwardsList())
                .extracting(Route.Forward::getDstType)
                .containsExactly(Route.DestType.LINK, Route.DestType.END);
        assertThat(last.getTagsMap()).containsEntry("serviceId", "plain").containsEntry("hostId", "");
        assertThat(last.getTagsMap()).doesNotContainKey("clientId");
        assertThat(last.getContext().getFieldsMap()).containsEntry("attemptNumber", "1");
        assertThat(last.getTimeout()).isPositive();
        CircuitStatus status = network.directory().circuit(new CircuitId(id)).orElseThrow();
        assertThat(status.nodes()).extracting(r -> r.value()).containsExactly("r1", "r2");
        assertThat(network.directory()
                        .terminator(new TerminatorId("t1"))
                        .orElseThrow()
                        .dynamicCost())
                .isEqualTo(2);
    }

    @Test
    void endThatClosesUnroutesEveryHopLettingDataDrain() {
        String id = dial("plain").bodyText();

        egress.fault(FaultSubject.EGRESS_FAULT, id);

        assertThat(unrouted(ingress, id).getNow()).isFalse();
        assertThat(unrouted(egress, id).getNow()).isFalse();
        await().until(() -> network.directory().circuits().isEmpty());
    }

    @Test
    void routerThatIsNoEndOfACircuitCannotCloseIt() {
        FakeRouter stranger = network.connect("r3");
        String id = dial("plain").bodyText();

        stranger.fault(FaultSubject.INGRESS_FAULT, id);
        stranger.fault(FaultSubject.FORWARD_FAULT, id);

        assertThat(unrouted(stranger, id).getNow()).isTrue();
        assertThat(network.directory().circuits()).hasSize(1);
    }

    @Test
    void refusalOfTheHostIsTriedTwiceAndItsTextReachesTheDialer() {
        egress.refuse = RouteErrorCode.REJECTED_BY_APPLICATION;

        Message answer = dial("plain");

        assertThat(answer.contentType()).isEqualTo(ControlContentType.CIRCUIT_FAILED);
        assertThat(answer.bodyText())
                .contains("exceeded maximum [2] retries creating circuit")
                .contains("on [r/r2] (refused by the test)");
        assertThat(egress.all(ControlContentType.ROUTE, Route.parser()))
                .extracting(Route::getAttempt)
                .containsExactly(0, 1);
        String id = route(ingress, 0).getCircuitId();
        assertThat(unrouted(ingress, id).getNow()).isTrue();
        assertThat(network.directory()
                        .terminator(new TerminatorId("t1"))
                        .orElseThrow()
                        .dynamicCost())
                .isEqualTo(40);
        assertThat(network.directory().circuits()).isEmpty();
    }

    @Test
    void routerThatHasNotAnsweredYetIsUnroutedToo() {
        ingress.silent = true;
        egress.refuse = RouteErrorCode.REJECTED_BY_APPLICATION;

        Message answer = dial("plain");

        assertThat(answer.contentType()).isEqualTo(ControlContentType.CIRCUIT_FAILED);
        String id = route(ingress, 0).getCircuitId();
        assertThat(unrouted(ingress, id).getNow()).isTrue();
    }

    @Test
    void configuredTerminatorThatItsRouterDoesNotKnowBecomesFailed() {
        egress.refuse = RouteErrorCode.INVALID_TERMINATOR;

        dial("plain");

        await().until(() -> network.model
                        .view()
                        .get(Terminators.TYPE, new TerminatorId("t1"))
                        .orElseThrow()
                        .precedence()
                == Precedence.FAILED);
    }

    @Test
    void dialsThatCannotBeSayWhy() {
        assertThat(dial("nothing").bodyText()).contains("service 'nothing' not found");
        assertThat(dial("inst@plain").bodyText()).contains("has no terminators for instanceId 'inst'");

        egress.channel().close("lost");
        await().until(() -> network.directory().routers().size() == 1);
        assertThat(dial("plain").bodyText()).contains("has no online terminators");
    }

    @Test
    void lateResultOfAnUnknownCircuitIsUnrouted() {
        ingress.channel()
                .receive(io.zitipekko.transport.control.RouteResult.success("gone", 0, PeerData.EMPTY)
                        .toMessage());
        assertThat(unrouted(ingress, "gone").getNow()).isTrue();

        ingress.tell(
                ControlContentType.CIRCUIT_CONFIRMATION,
                CircuitConfirmation.newBuilder().addCircuitIds("idle").build());
        assertThat(unrouted(ingress, "idle").getNow()).isTrue();

        ingress.fault(FaultSubject.FORWARD_FAULT, "a b");
        assertThat(unrouted(ingress, "b").getNow()).isTrue();
    }

    @Test
    void circuitMovesToAnotherLinkWhenItsOwnIsLost() {
        ingress.reportLink("l2", "r2", 1, false);
        awaitLink("l2");
        network.directory()
                .updateLink(new LinkId("l2"), 100, null)
                .toCompletableFuture()
                .join();
        await().until(() ->
                network.directory().link(new LinkId("l2")).orElseThrow().staticCost() == 100);
        String id = dial("plain").bodyText();
        assertThat(links(id)).containsExactly(new LinkId("l1"));

        egress.fault(FaultSubject.LINK_FAULT, "l1");

        await().until(() -> links(id).equals(List.of(new LinkId("l2"))));
        Route rerouted = ingress.expect(ControlContentType.ROUTE, Route.parser(), r -> r.getAttempt() == 99969996);
        assertThat(rerouted.getTagsMap()).isEmpty();
        assertThat(rerouted.hasContext()).isFalse();
        assertThat(rerouted.getForwards(0).getSrcAddress())
                .as("the ends keep their addresses")
                .isEqualTo(route(ingress, 0).getForwards(0).getSrcAddress());
        assertThat(egress.expect(ControlContentType.ROUTE, Route.parser(), r -> r.getAttempt() == 99969996)
                        .hasEgress())
                .isFalse();
    }

    @Test
    void circuitWaitsForALinkWhileBothItsEndsAreThere() {
        String id = dial("plain").bodyText();

        egress.fault(FaultSubject.LINK_FAULT, "l1");
        awaitNoLink("l1");
        ingress.reportLink("l9", "r2", 1, false);

        await().until(() -> links(id).equals(List.of(new LinkId("l9"))));
    }

    @Test
    void circuitWithoutAnyWayLeftIsRemovedWhenItsEndIsGone() {
        String id = dial("plain").bodyText();

        egress.channel().close("killed");
        await().until(() -> network.directory().routers().size() == 1);
        ingress.fault(FaultSubject.LINK_FAULT, "l1");

        assertThat(unrouted(ingress, id).getNow()).isTrue();
        await().until(() -> network.directory().circuits().isEmpty());
    }

    @Test
    void circuitsGoOnFlowingWhenTheControllerStops() {
        String id = dial("plain").bodyText();

        network.close();

        assertThat(ingress.all(ControlContentType.UNROUTE, Unroute.parser())).isEmpty();
        assertThat(egress.all(ControlContentType.UNROUTE, Unroute.parser())).isEmpty();
        assertThat(id).isNotEmpty();
    }

    @Test
    void idleCircuitEndsAtTheServicesLimit() {
        network.change(Samples.replace(
                Services.TYPE,
                plain,
                new Service(plain.id(), plain.meta(), "plain", false, "smartrouting", Set.of(), List.of(), 60_000)));
        String id = dial("plain").bodyText();

        ingress.tell(ControlContentType.CIRCUIT_CONFIRMATION, idle(id, Duration.ofSeconds(59)));
        egress.tell(ControlContentType.CIRCUIT_CONFIRMATION, idle(id, Duration.ofSeconds(60)));

        assertThat(unrouted(ingress, id)).isNotNull();
    }

    private static CircuitConfirmation idle(String id, Duration time) {
        return CircuitConfirmation.newBuilder()
                .addCircuitIds(id)
                .putIdleTimes(id, time.toNanos())
                .build();
    }

    @Test
    void operatorRemovesACircuit() {
        String id = dial("plain").bodyText();

        assertThat(network.directory()
                        .removeCircuit(new CircuitId(id), true)
                        .toCompletableFuture()
                        .join())
                .isTrue();
        assertThat(unrouted(egress, id).getNow()).isTrue();
        assertThat(network.directory()
                        .removeCircuit(new CircuitId(id), true)
                        .toCompletableFuture()
                        .join())
                .isFalse();
    }

    @Test
    void removedServiceEndsItsCircuits() {
        String id = dial("plain").bodyText();

        network.change(Samples.delete(Services.TYPE, "plain"));

        assertThat(unrouted(ingress, id).getNow()).isTrue();
    }

    @Test
    @DisplayName("ziti#3927, ziti#3912: circuits outlived the right that opened them")
    void sessionDialIsTaggedAndEndsWhenThePolicyGoes() {
        Identity dialer = Samples.identity("dialer");
        network.change(
                Samples.put(dialer),
                Samples.put(Samples.servicePolicy(
                        "p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("@dialer"), List.of("@plain"))),
                Samples.put(Samples.certificate("a1", "dialer")),
                Samples.put(Samples.apiSession("as1", "dialer", "a1")),
                Samples.put(Samples.session("s1", "as1", "dialer", "plain")));
        ApiSession session = Samples.apiSession("as1", "dialer", "a1");
        network.authorizer = (api, service, type, router) -> api.equals("good")
                ? TestFabric.allowed(session, dialer, plain, "s1")
                : new DialDecision.Denied(DialDecision.Refusal.INVALID_SESSION, "no such session");

        EdgeError refused = EdgeError.from(ingress.ask(sessionDial("bad")));
        assertThat(refused.code()).isEqualTo(EdgeErrorCode.INVALID_SESSION);
        assertThat(refused.retryHint()).isEqualTo(RetryHint.START_OVER);

        CreateCircuitResponse opened = CreateCircuitResponse.from(ingress.ask(sessionDial("good")));
        assertThat(opened.tags()).containsEntry("clientId", "dialer").containsEntry("serviceId", "plain");
        Map<Integer, com.google.protobuf.ByteString> told =
                route(egress, 0).getEgress().getPeerDataMap();
        assertThat(told.get(ControlHeader.DIALER_IDENTITY_ID).toStringUtf8()).isEqualTo("dialer");

        network.change(Samples.delete(ServicePolicies.TYPE, "p1"));
        assertThat(unrouted(egress, opened.circuitId()).getNow()).isTrue();
    }

    private static Message sessionDial(String apiToken) {
        return new CreateCircuitV2Request("session", apiToken, List.of(), "", PeerData.EMPTY).toMessage();
    }

    @Test
    void encryptionNeedsAPublicKeyOfBothSides() {
        Identity dialer = Samples.identity("dialer");
        Service encrypted = Samples.service("secret");
        network.change(
                Samples.put(dialer),
                Samples.put(encrypted),
                Samples.put(Samples.terminator("t2", "secret", "r2")),
                Samples.put(Samples.servicePolicy(
                        "p1", PolicyType.DIAL, Semantic.ANY_OF, List.of("@dialer"), List.of("@secret"))),
                Samples.put(Samples.certificate("a1", "dialer")),
                Samples.put(Samples.apiSession("as1", "dialer", "a1")),
                Samples.put(Samples.session("s1", "as1", "dialer", "secret")));
        network.authorizer = (api, service, type, router) ->
                TestFabric.allowed(Samples.apiSession("as1", "dialer", "a1"), dialer, encrypted, "s1");

        EdgeError without = EdgeError.from(ingress.ask(sessionDial("any")));
        assertThat(without.code()).isEqualTo(EdgeErrorCode.ENCRYPTION_DATA_MISSING);
        Message withKey = new CreateCircuitV2Request(
                        "s", "a", List.of(), "", PeerData.EMPTY.with(EdgeHeader.PUBLIC_KEY, new byte[32]))
                .toMessage();
        EdgeError hostWithout = EdgeError.from(ingress.ask(withKey));
        assertThat(hostWithout.code()).isEqualTo(EdgeErrorCode.ENCRYPTION_DATA_MISSING);
        assertThat(unrouted(egress, hostWithout.circuitId()).getNow()).isTrue();
    }

    @Test
    void accessTokenDialIsRefusedUntilThereAreAccessTokens() {
        for (String token : List.of("", "eyJhbGciOiJub25lIn0.e30.")) {
            EdgeError refused = EdgeError.from(
                    ingress.ask(new CreateCircuitV3Request("dialer", "plain", token, List.of(), "", "", PeerData.EMPTY)
                            .toMessage()));
            assertThat(refused.code()).isEqualTo(EdgeErrorCode.INVALID_API_SESSION);
            assertThat(refused.retryHint()).isEqualTo(RetryHint.START_OVER);
        }
    }

    @Test
    void tunnelerDialsWithItsOwnIdentityAndPolicy() {
        Message request = Message.of(
                ControlContentType.CREATE_TUNNEL_CIRCUIT_V2_REQUEST,
                io.zitipekko.transport.channel.Headers.EMPTY,
                CreateTunnelCircuitV2Request.newBuilder()
                        .setServiceName("plain")
                        .build()
                        .toByteArray());
        assertThat(EdgeError.from(ingress.ask(request)).code()).isEqualTo(EdgeErrorCode.TUNNELING_NOT_ENABLED);

        FakeRouter tunneler = network.enroll("r4", true);
        tunneler.connect();
        tunneler.reportLink("l4", "r2", 1, true);
        awaitLink("l4");
        Message again = Message.of(request.contentType(), request.headers(), request.body());
        assertThat(EdgeError.from(tunneler.ask(again)).code()).isEqualTo(EdgeErrorCode.INVALID_SERVICE);

        network.change(Samples.put(
                Samples.servicePolicy("tp", PolicyType.DIAL, Semantic.ANY_OF, List.of("@r4"), List.of("@plain"))));
        Message third = Message.of(request.contentType(), request.headers(), request.body());
        CreateTunnelCircuitV2Response opened =
                FakeRouter.parse(CreateTunnelCircuitV2Response.parser(), tunneler.ask(third));
        assertThat(opened.getTagsMap()).containsEntry("clientId", "r4");
    }

    private Message dial(String service) {
        return ingress.ask(
                ControlContentType.CIRCUIT_REQUEST,
                CircuitRequest.newBuilder()
                        .setIngressId("r1")
                        .setService(service)
                        .build());
    }

    private static Route route(FakeRouter at, int index) {
        return at.all(ControlContentType.ROUTE, Route.parser()).get(index);
    }

    private static Unroute unrouted(FakeRouter at, String id) {
        return at.expect(ControlContentType.UNROUTE, Unroute.parser(), u -> u.getCircuitId()
                .equals(id));
    }

    private List<LinkId> links(String id) {
        return network.directory()
                .circuit(new CircuitId(id))
                .map(CircuitStatus::links)
                .orElse(List.of());
    }

    private void awaitLink(String id) {
        await().until(() -> network.directory()
                .link(new LinkId(id))
                .filter(LinkStatus::usable)
                .isPresent());
    }

    private void awaitNoLink(String id) {
        await().until(() -> network.directory()
                .link(new LinkId(id))
                .filter(LinkStatus::usable)
                .isEmpty());
    }
}
