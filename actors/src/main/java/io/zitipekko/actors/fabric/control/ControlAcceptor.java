package io.zitipekko.actors.fabric.control;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.controller.ControllerSettings;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.fabric.FabricState;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.fabric.control.request.RouterRequests;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.type.EdgeRouters;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelAcceptor;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Hello;
import io.zitipekko.transport.channel.HelloAnswer;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.control.Capabilities;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.CtrlChanListeners;
import io.zitipekko.transport.control.proto.Listeners;
import io.zitipekko.transport.identity.LeafVerifier;
import io.zitipekko.transport.identity.PeerIdentity;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.identity.UntrustedPeerException;
import io.zitipekko.transport.tls.TlsPeer;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Decides who may hold a control channel (protocol/03 sections 6.2 and 16). Every underlay takes the whole check: its leaf chains to a CA that the controller
 * trusts, and has the fingerprint that the router named by the hello was enrolled with; the router is neither disabled nor connected already.
 * What type the hello claims makes no difference, but that a controller's mesh is refused: it has no acceptor here.
 */
public final class ControlAcceptor implements ChannelAcceptor {
    private static final String MESH_TYPE = "ctrl.mesh";

    private final FabricState state;
    private final ActorRef<Routers.Command> routers;
    private final TrustAnchors anchors;
    private final Headers resultHeaders;

    public ControlAcceptor(FabricState state, ActorRef<Routers.Command> routers) {
        this.state = state;
        this.routers = routers;
        this.anchors = TrustAnchors.of(state.settings().trust().caBundle());
        this.resultHeaders = resultHeaders(state.settings());
    }

    private static Headers resultHeaders(ControllerSettings settings) {
        byte[] apis = apiAddresses(settings).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Headers.Builder headers = Headers.builder()
                .string(ChannelHeaders.HELLO_VERSION, settings.version().toString())
                .mask(ControlHeader.CAPABILITIES, Capabilities.CONTROLLER_2_1)
                .mask(ControlHeader.LEGACY_CAPABILITIES, Capabilities.CONTROLLER_2_1)
                .bytes(ControlHeader.API_ADDRESSES, apis)
                .bytes(ControlHeader.LEGACY_API_ADDRESSES, apis);
        settings.clusterId().ifPresent(cluster -> {
            String address = settings.control().advertise().toString();
            headers.string(ControlHeader.PEER_ADDR, address)
                    .string(ControlHeader.LEGACY_PEER_ADDR, address)
                    .string(ControlHeader.CLUSTER_ID, cluster)
                    .string(ControlHeader.LEGACY_CLUSTER_ID, cluster);
        });
        return headers.build();
    }

    private static String apiAddresses(ControllerSettings settings) {
        com.fasterxml.jackson.databind.node.ObjectNode json =
                com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        settings.edgeApi().apiAddresses().forEach((binding, addresses) -> {
            com.fasterxml.jackson.databind.node.ArrayNode list = json.putArray(binding);
            addresses.forEach(a -> list.addObject().put("url", a.url()).put("version", a.version()));
        });
        return json.toString();
    }

    @Override
    public CompletionStage<HelloAnswer> onHello(Hello hello, TlsPeer peer) {
        HelloAnswer answer;
        try {
            answer = check(hello, peer);
        } catch (UntrustedPeerException e) {
            answer = new HelloAnswer.Drop("certificate not trusted: " + e.getMessage());
        }
        if (answer instanceof HelloAnswer.Drop drop) {
            // The channel's listener says it in the log.
            String claimed = hello.token().length() > EntityId.MAX_LENGTH ? "(too long)" : hello.token();
            state.events()
                    .publish(new AccessRefused(
                            state.now(),
                            AccessRefused.Door.CONTROL,
                            "router " + claimed,
                            peer.remoteAddress(),
                            "control connection",
                            drop.reason()));
            answer = new HelloAnswer.Drop("router '" + claimed + "': " + drop.reason());
        }
        return CompletableFuture.completedFuture(answer);
    }

    private HelloAnswer check(Hello hello, TlsPeer peer) throws UntrustedPeerException {
        Headers headers = hello.headers();
        if (headers.string(ChannelHeaders.TYPE).filter(MESH_TYPE::equals).isPresent()) {
            return new HelloAnswer.Drop("type " + MESH_TYPE + " is not served");
        }
        PeerIdentity identity = LeafVerifier.verify(peer.certificates(), anchors, state.now());
        if (hello.token().isBlank() || hello.token().length() > EntityId.MAX_LENGTH) {
            return new HelloAnswer.Drop("no usable router id");
        }
        RouterId id = new RouterId(hello.token());
        if (opensChannel(headers)
                && state.routers()
                        .connectedWithin(id, state.settings().network().routerConnectChurnLimit(), state.now())) {
            return new HelloAnswer.Drop("the router is connected, and that connection is young");
        }
        Optional<EdgeRouter> router = state.model().view().get(EdgeRouters.TYPE, id);
        if (router.isEmpty()) {
            return new HelloAnswer.Drop("no such router");
        }
        if (router.get().fingerprint() == null) {
            return new HelloAnswer.Drop("the router is not enrolled");
        }
        if (!identity.fingerprint().equals(router.get().fingerprint())) {
            return new HelloAnswer.Drop("its certificate " + identity.fingerprint() + " is not the enrolled one");
        }
        if (router.get().disabled()) {
            return new HelloAnswer.Drop("the router is disabled");
        }
        // Each underlay proved the certificate that was enrolled last, so the id says it all: after a renewal the old
        // and the new certificate are the same router's.
        return new HelloAnswer.Accept(id.value(), resultHeaders);
    }

    private static boolean opensChannel(Headers headers) {
        return !headers.bool(ChannelHeaders.IS_GROUPED) || headers.bool(ChannelHeaders.IS_FIRST_GROUP_CONNECTION);
    }

    @Override
    public ChannelHandler onChannel(Channel channel, Hello hello) {
        Optional<VersionInfo> version = version(hello.headers());
        if (version.isEmpty()) {
            channel.close("hello without a version that can be read (header " + ChannelHeaders.HELLO_VERSION + ")");
            return new Refused();
        }
        ConnectedRouter router;
        try {
            PeerIdentity identity = LeafVerifier.verify(channel.peer().certificates(), anchors, state.now());
            router = new ConnectedRouter(channel, identity, status(channel, hello, version.get()));
        } catch (UntrustedPeerException | InvalidProtocolBufferException e) {
            channel.close("hello cannot be used: " + e.getMessage());
            return new Refused();
        }
        RouterChannelHandler handler = new RouterChannelHandler(state.routers(), routers);
        handler.belongsTo(router);
        Optional<ConnectedRouter> older = state.routers().register(router);
        if (older.isPresent()) {
            // Both go; the router dials again into the freed place (protocol/03 section 6.2).
            older.get().close("the router connected a second time");
            channel.close("the router is still connected");
            return new Refused();
        }
        channel.pauseReading();
        routers.tell(new Routers.Opened(router, channel, handler));
        return handler;
    }

    private static Optional<VersionInfo> version(Headers headers) {
        try {
            Optional<VersionInfo> version =
                    headers.string(ChannelHeaders.HELLO_VERSION).map(VersionInfo::parse);
            version.ifPresent(v -> v.isAtLeast("1.0.0"));
            return version;
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private RouterStatus status(Channel channel, Hello hello, VersionInfo version)
            throws InvalidProtocolBufferException {
        Headers headers = hello.headers();
        BigInteger capabilities = Capabilities.announcedBy(headers);
        // Old routers use ids that mean something else on grouped channels: only the mask tells which.
        int listenersId = capabilities.testBit(Capabilities.ROUTER_MULTI_CHANNEL) ? ControlHeader.LISTENERS : 10;
        List<RouterStatus.LinkListener> listeners = List.of();
        Optional<byte[]> raw = headers.bytes(listenersId);
        if (raw.isPresent()) {
            listeners = RouterRequests.listeners(Listeners.parseFrom(raw.get()));
        }
        Map<String, List<String>> ctrlListeners = new HashMap<>();
        Optional<byte[]> rawCtrl = headers.bytes(ControlHeader.CTRL_CHAN_LISTENERS);
        if (rawCtrl.isPresent()) {
            CtrlChanListeners.parseFrom(rawCtrl.get())
                    .getListenersList()
                    .forEach(l -> ctrlListeners.put(l.getAddress(), List.copyOf(l.getGroupsList())));
        }
        return new RouterStatus(
                new RouterId(hello.token()),
                state.now(),
                channel.peer().remote(),
                version,
                capabilities,
                listeners,
                ctrlListeners,
                "",
                Map.of(),
                RouterStatus.SyncStatus.NEW,
                List.of());
    }

    /** Of a channel that was closed as soon as it was opened. */
    private static final class Refused implements ChannelHandler {
        @Override
        public void onMessage(Message message) {
            // Nothing that such a peer says counts.
        }

        @Override
        public void onClosed(String reason) {
            Routers.LOG.info("control channel closed after its hello: {}", reason);
        }
    }
}
