package io.zitipekko.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.auth.ApiException;
import io.zitipekko.sdk.auth.ControllerClient;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelDialer;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import io.zitipekko.transport.tls.SslContexts;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.x500.X500Principal;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;

/**
 * An SDK that does only what a test says and never helps itself: one log-in, one channel, tokens that are kept when they are refused.
 * Speaks the edge protocol without encryption of its own. Echoes whatever comes to what it hosts.
 */
public final class SdkByHand implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final MiniOverlay overlay;
    private final Identity identity;
    private final ControllerClient client;
    private final JsonNode session;
    private final int router;
    private final Channel channel;
    private final Map<Integer, BlockingQueue<Message>> arrived = new ConcurrentHashMap<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();

    private SdkByHand(
            MiniOverlay overlay,
            ZitiIdentityFile file,
            Identity identity,
            JsonNode session,
            int router,
            Identity shown) {
        this.overlay = overlay;
        this.identity = identity;
        this.client = client(file, identity);
        this.session = session;
        this.router = router;
        this.channel = open(apiToken(), shown);
    }

    /** Logs in with the identity's certificate and opens a channel to a router. */
    public static SdkByHand connect(MiniOverlay overlay, ZitiIdentityFile file, int router) {
        Identity identity = Identity.load(file.identityConfig().orElseThrow());
        return new SdkByHand(overlay, file, identity, login(file, identity), router, identity);
    }

    private static ControllerClient client(ZitiIdentityFile file, Identity identity) {
        return new ControllerClient(file.controllers(), SslContexts.client(identity), SOON);
    }

    private static JsonNode login(ZitiIdentityFile file, Identity identity) {
        return MiniOverlay.await(
                client(file, identity).post("/authenticate?method=cert", JSON.createObjectNode(), null));
    }

    /** A channel with any token and certificate; the router answers the hello before it judges. */
    public Channel open(String apiToken, Identity shown) {
        AtomicReference<Channel> self = new AtomicReference<>();
        return MiniOverlay.await(ChannelDialer.dial(
                overlay.applications().classicSystem(),
                new ChannelDial(
                        ChannelKind.EDGE,
                        TransportAddress.tls(
                                "localhost", overlay.network().home().routerPort(router)),
                        () -> shown,
                        List.of("ziti-edge"),
                        "sdk by hand",
                        Headers.builder()
                                .string(EdgeHeader.SESSION_TOKEN, apiToken)
                                .build(),
                        ChannelOptions.EDGE,
                        false,
                        Map.of()),
                opened -> {
                    self.set(opened);
                    return new ChannelHandler() {
                        @Override
                        public void onMessage(Message message) {
                            SdkByHand.this.onMessage(opened, message);
                        }

                        @Override
                        public void onClosed(String reason) {
                            if (opened == channel || channel == null) {
                                closed.complete(reason);
                            }
                        }
                    };
                }));
    }

    private void onMessage(Channel on, Message message) {
        int id = message.headers().int32(EdgeHeader.CONN_ID).orElse(-1);
        if (message.contentType() == EdgeContentType.DIAL) {
            int child =
                    message.headers().int32(EdgeHeader.ROUTER_PROVIDED_CONN_ID).orElseThrow();
            on.reply(
                    Lane.HIGH,
                    message,
                    Message.of(
                            EdgeContentType.DIAL_SUCCESS,
                            Headers.builder().int32(EdgeHeader.CONN_ID, id).build(),
                            ByteString.fromArray(new byte[] {
                                (byte) child, (byte) (child >> 8), (byte) (child >> 16), (byte) (child >> 24)
                            })));
        } else if (id < 0 && message.contentType() == EdgeContentType.DATA) {
            on.send(Lane.DEFAULT, data(id, message.body()));
        } else {
            arrived(id).add(message);
        }
    }

    private BlockingQueue<Message> arrived(int id) {
        return arrived.computeIfAbsent(id, k -> new LinkedBlockingQueue<>());
    }

    public String apiToken() {
        return session.path("token").asText();
    }

    public String apiSessionId() {
        return session.path("id").asText();
    }

    public Identity identity() {
        return identity;
    }

    public Channel channel() {
        return channel;
    }

    /** The controller's answer to a request of its own: {@code id} and {@code token} of a service session. */
    public JsonNode serviceSession(String service, String type) {
        ObjectNode body = JSON.createObjectNode().put("serviceId", service).put("type", type);
        return MiniOverlay.await(client.post("/sessions", body, apiToken()));
    }

    public JsonNode post(String path, ObjectNode body) {
        return MiniOverlay.await(client.post(path, body, apiToken()));
    }

    /** A certificate that the network issued to an API session, with its key. */
    public record SessionCertificate(String id, Identity identity) {}

    /** Has the network issue a certificate to this API session. */
    public SessionCertificate sessionCertificate() {
        KeyPair keys = KeyPairs.p256();
        String csr = Csr.create(new X500Principal("CN=anything"), AlternativeNames.NONE, keys)
                .pem();
        JsonNode issued = post(
                "/current-api-session/certificates", JSON.createObjectNode().put("csr", csr));
        return new SessionCertificate(
                issued.path("id").asText(),
                Identity.of(
                        Pem.certificates(issued.path("certificate").asText()),
                        keys.getPrivate(),
                        List.of(),
                        identity.anchors()));
    }

    public void delete(String path) {
        MiniOverlay.await(client.delete(path, apiToken()));
    }

    /** The HTTP status that the API session's token gets now. */
    public int httpStatus() {
        try {
            MiniOverlay.await(client.get("/current-api-session", apiToken()));
            return 200;
        } catch (CompletionException e) {
            if (ZitiException.unwrapped(e) instanceof ApiException refused) {
                return refused.status();
            }
            throw e;
        }
    }

    /** A Connect and its answer. */
    public Message dial(int connId, String serviceToken) {
        return request(EdgeContentType.CONNECT, connId, serviceToken);
    }

    /** A Bind and its answer. */
    public Message bind(int connId, String serviceToken) {
        return request(EdgeContentType.BIND, connId, serviceToken);
    }

    /** A Connect that nobody could grant, on any channel: refused by whoever has been authenticated, and by nobody else. */
    public static Message ask(Channel channel) {
        return MiniOverlay.await(channel.request(
                Lane.HIGH,
                Message.of(
                        EdgeContentType.CONNECT,
                        Headers.builder().int32(EdgeHeader.CONN_ID, 99).build(),
                        ""),
                SOON));
    }

    private Message request(int contentType, int connId, String body) {
        Headers headers = Headers.builder()
                .int32(EdgeHeader.CONN_ID, connId)
                .bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID, contentType == EdgeContentType.BIND)
                .bool(EdgeHeader.SUPPORTS_BIND_SUCCESS, contentType == EdgeContentType.BIND)
                .build();
        return MiniOverlay.await(channel.request(Lane.HIGH, Message.of(contentType, headers, body), SOON));
    }

    private static Message data(int connId, ByteString body) {
        return Message.of(
                EdgeContentType.DATA,
                Headers.builder().int32(EdgeHeader.CONN_ID, connId).build(),
                body);
    }

    /** What comes next on a connection. */
    public Message next(int connId) {
        try {
            Message message = arrived(connId).poll(MiniOverlay.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(message).as("next message on connection %s", connId).isNotNull();
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Sends over an open circuit to a host that echoes. */
    public void assertEchoes(int connId, String text) {
        channel.send(Lane.DEFAULT, data(connId, ByteString.fromString(text)));

        assertThat(next(connId).bodyText()).isEqualTo(text);
    }

    /** Waits for the StateClosed of a connection, or for the end of the channel; returns the text. */
    public String awaitEnd(int connId) {
        Message[] end = new Message[1];
        Awaitility.await("connection " + connId + " ends")
                .atMost(MiniOverlay.PATIENCE)
                .until(() -> {
                    end[0] = arrived(connId).poll();
                    return end[0] != null || closed.isDone();
                });
        return end[0] == null ? closed.join() : end[0].bodyText();
    }

    /** Waits until the router closes the channel. */
    public void awaitChannelClosed() {
        assertThat(closed).as("the channel is closed").succeedsWithin(MiniOverlay.PATIENCE);
    }

    public boolean isOpen() {
        return !channel.isClosed();
    }

    @Override
    public void close() {
        channel.close("done");
    }
}
