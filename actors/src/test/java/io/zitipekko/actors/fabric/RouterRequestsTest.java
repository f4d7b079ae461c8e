package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.InspectRequest;
import io.zitipekko.transport.control.proto.InspectResponse;
import io.zitipekko.transport.control.proto.Interface;
import io.zitipekko.transport.control.proto.Listener;
import io.zitipekko.transport.control.proto.Listeners;
import io.zitipekko.transport.control.proto.PeerState;
import io.zitipekko.transport.control.proto.PeerStateChange;
import io.zitipekko.transport.control.proto.PeerStateChanges;
import io.zitipekko.transport.control.proto.RouterInterfacesUpdate;
import io.zitipekko.transport.control.proto.VerifyRouter;
import io.zitipekko.transport.control.proto.edge.Address;
import io.zitipekko.transport.control.proto.edge.ClientHello;
import io.zitipekko.transport.control.proto.edge.ConnectEvents;
import io.zitipekko.transport.control.proto.edge.ServerHello;
import io.zitipekko.transport.identity.Fingerprint;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterRequestsTest {
    private final TestFabric network = new TestFabric();
    private final FakeRouter router = network.connect("r1");

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void connectedRouterIsGreetedAndItsAnswerMakesItsAddressesKnown() {
        ServerHello hello = router.expect(ControlContentType.SERVER_HELLO, ServerHello.parser(), h -> true);
        assertThat(hello.getDataMap()).containsEntry("instant", "true").containsEntry("routerModel", "true");
        assertThat(router.channel().sent().get(0).headers().bool(ControlHeader.DATA_MODEL_SUPPORTED))
                .isTrue();

        router.tell(
                ControlContentType.CLIENT_HELLO,
                ClientHello.newBuilder()
                        .addListeners(io.zitipekko.transport.control.proto.edge.Listener.newBuilder()
                                .setAdvertise(Address.newBuilder()
                                        .setProtocol("tls")
                                        .setHostname("edge.example")
                                        .setPort(3022)))
                        .build());

        await().until(() -> status().syncStatus() == RouterStatus.SyncStatus.DONE);
        assertThat(status().hostname()).isEqualTo("edge.example");
        assertThat(status().supportedProtocols()).containsEntry("tls", "tls://edge.example:3022");
        assertThat(status().capabilities()).contains("CONNECT_V2");
    }

    @Test
    void verifyRouterComparesTheEnrolledFingerprintAsText() {
        String own = Fingerprint.of(router.leaf).hex();

        assertThat(Results.isSuccess(verify("r1", own))).isTrue();
        assertThat(verify("r1", own.toUpperCase(Locale.ROOT)).bodyText())
                .isEqualTo("could not verify fingerprint for router r1");
        assertThat(Results.isSuccess(verify("r1", "00".repeat(20)))).isFalse();
        assertThat(verify("nobody", own).bodyText()).isEqualTo("router with id nobody not found");
    }

    private Message verify(String id, String fingerprint) {
        return router.ask(
                ControlContentType.VERIFY_ROUTER,
                VerifyRouter.newBuilder()
                        .setRouterId(id)
                        .addFingerprints(fingerprint)
                        .build());
    }

    @Test
    void inspectionOfCapabilityNamesFabricAndEdge() {
        Message answer = router.ask(
                ControlContentType.INSPECT_REQUEST,
                InspectRequest.newBuilder().addRequestedValues("capability").build());

        InspectResponse response = FakeRouter.parse(InspectResponse.parser(), answer);
        assertThat(response.getSuccess()).isTrue();
        assertThat(response.getValuesList())
                .extracting(InspectResponse.InspectValue::getValue)
                .containsExactly("ziti.fabric", "ziti.edge");
    }

    @Test
    void interfacesAreKeptAndAcknowledged() {
        Message answer = router.ask(
                ControlContentType.UPDATE_ROUTER_INTERFACES,
                RouterInterfacesUpdate.newBuilder()
                        .addInterfaces(Interface.newBuilder().setName("lo"))
                        .build());

        assertThat(answer.bodyText()).isEqualTo("success");
        assertThat(status().interfaces()).extracting(i -> i.name()).containsExactly("lo");
    }

    @Test
    void undecodableAndUnknownMessagesAreIgnored() {
        for (int type : List.of(
                ControlContentType.CREATE_TERMINATOR,
                ControlContentType.SUBSCRIBE_TO_DATA_MODEL,
                ControlContentType.FAULT,
                29999)) {
            router.channel().receive(Message.of(type, Headers.EMPTY, new byte[] {(byte) 0xff, (byte) 0xff, 7}));
        }

        assertThat(Results.isSuccess(verify("r1", Fingerprint.of(router.leaf).hex())))
                .isTrue();
        assertThat(router.channel().isClosed()).isFalse();
    }

    @Test
    void presenceGoesBothWays() {
        FakeRouter other = network.connect("r2");

        expectChange(other, c -> c.getId().equals("r1") && c.getState() == PeerState.HEALTHY);
        PeerStateChange seen = expectChange(router, c -> c.getId().equals("r2"));
        assertThat(seen.getVersion()).isEqualTo("v2.1.0");
        assertThat(seen.getListeners(0).getAddress()).isEqualTo("tls:r2.example:3022");

        other.tell(
                ControlContentType.UPDATE_LINK_LISTENERS,
                Listeners.newBuilder()
                        .addListeners(Listener.newBuilder()
                                .setAddress("tls:elsewhere:1")
                                .setProtocol("tls"))
                        .build());
        expectChange(
                router,
                c -> c.getListenersCount() == 1
                        && c.getListeners(0).getAddress().equals("tls:elsewhere:1"));

        other.channel().close("lost");
        expectChange(router, c -> c.getId().equals("r2") && c.getState() == PeerState.UNHEALTHY);
        network.change(Samples.delete(EdgeRouters.TYPE, "r2"));
        expectChange(router, c -> c.getId().equals("r2") && c.getState() == PeerState.REMOVED);
    }

    private static PeerStateChange expectChange(FakeRouter at, Predicate<PeerStateChange> wanted) {
        return at
                .expect(
                        ControlContentType.PEER_STATE_CHANGES,
                        PeerStateChanges.parser(),
                        c -> c.getChangesList().stream().anyMatch(wanted))
                .getChangesList()
                .stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void decommissionedRouterIsDeletedAndCutOff() {
        router.channel().receive(Message.of(ControlContentType.DECOMMISSION_ROUTER, Headers.EMPTY, new byte[0]));

        await().until(() -> router.channel().isClosed());
        assertThat(network.model.view().get(EdgeRouters.TYPE, new RouterId("r1")))
                .isEmpty();
    }

    @Test
    void connectEventsSayWhoIsConnectedUntilTheRouterGoes() {
        IdentityId identity = new IdentityId("someone");
        router.tell(
                ControlContentType.CONNECT_EVENTS,
                ConnectEvents.newBuilder()
                        .addEvents(ConnectEvents.IdentityConnectEvents.newBuilder()
                                .setIdentityId("someone")
                                .setIsConnected(true))
                        .build());
        await().until(() -> network.directory().isConnected(identity));

        router.tell(
                ControlContentType.CONNECT_EVENTS,
                ConnectEvents.newBuilder().setFullState(true).build());
        await().until(() -> !network.directory().isConnected(identity));
    }

    private RouterStatus status() {
        return network.directory().router(new RouterId("r1")).orElseThrow();
    }
}
