package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two SDKs, two routers with a link, and a controller that routes as it is told; channels are in memory. */
abstract class EdgeTestBase {
    EdgeWorld world;

    @BeforeEach
    void start() {
        world = new EdgeWorld();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    static void awaitClosed(TestSdk sdk) {
        await().atMost(TestSdk.SOON).until(sdk.channel::isClosed);
    }

    static Integer code(Message refusal) {
        return refusal.headers().has(EdgeHeader.ERROR_CODE)
                ? refusal.headers().int32(EdgeHeader.ERROR_CODE).getAsInt()
                : null;
    }

    static void assertRefused(Message answer, Integer code, Integer hint, String text) {
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CLOSED);
        assertThat(answer.bodyText()).contains(text);
        assertThat(code(answer)).isEqualTo(code);
        if (hint == null) {
            assertThat(answer.headers().has(EdgeHeader.STRUCTURED_ERROR)).isFalse();
        } else {
            assertThat(answer.headers().string(EdgeHeader.STRUCTURED_ERROR).orElseThrow())
                    .contains("\"retryHint\":" + hint)
                    .contains("\"code\":" + code);
        }
    }

    /** A bound host, with its terminator created. */
    TestSdk boundHost() {
        TestSdk host = world.host();
        Message answer = host.bind(1, world.bindToken(), Headers.EMPTY);
        assertThat(answer.contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        assertThat(answer.headers().bool(EdgeHeader.ROUTER_PROVIDED_CONN_ID)).isTrue();
        assertThat(host.next(1).contentType()).isEqualTo(EdgeContentType.BIND_SUCCESS);
        return host;
    }

    /** A connection through both routers: what the client sees on id 1, the host on {@code child}. */
    record Open(TestSdk client, TestSdk host, int child, Message answer) {}

    Open open() {
        TestSdk host = boundHost();
        CompletableFuture<Integer> child = new CompletableFuture<>();
        host.acceptDials(child::complete);
        TestSdk client = world.client();
        Message answer = client.connect(1, world.dialToken());
        assertThat(answer.contentType()).as(answer.bodyText()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        return new Open(client, host, child.join(), answer);
    }

    void assertTablesEmpty() {
        await().atMost(TestSdk.SOON).untilAsserted(() -> {
            assertThat(world.dialRouter.edge.connectionCount()).isZero();
            assertThat(world.hostRouter.edge.connectionCount()).isZero();
            // The link is what stays.
            assertThat(world.dialRouter.forwarder.destinationCount()).isOne();
            assertThat(world.hostRouter.forwarder.destinationCount()).isOne();
        });
    }

    static Message lastOf(TestSdk sdk, int id) {
        Message next = sdk.next(id);
        while (next.contentType() == EdgeContentType.DATA) {
            next = sdk.next(id);
        }
        return next;
    }
}
