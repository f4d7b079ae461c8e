package io.zitipekko.actors.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeHeader;
import org.junit.jupiter.api.Test;

/** Listeners and their terminators at the controller. */
final class HostingTest extends EdgeTestBase {
    @Test
    void theTerminatorCarriesKeyCostAndPrecedence() {
        TestSdk host = world.host();

        host.bind(
                1,
                world.bindToken(),
                Headers.builder()
                        .bytes(EdgeHeader.PUBLIC_KEY, new byte[32])
                        .uint16(EdgeHeader.COST, 700)
                        .uint8(EdgeHeader.PRECEDENCE, 1)
                        .build());
        host.next(1);

        var terminator =
                world.controllers.terminator(world.controllers.terminators().get(0));
        assertThat(terminator.getCost()).isEqualTo(700);
        assertThat(terminator.getPrecedenceValue()).isEqualTo(1);
        assertThat(terminator.getPeerDataMap()).containsKey(EdgeHeader.PUBLIC_KEY);
        assertThat(terminator.getApiSessionToken()).isEqualTo("host-token");
    }

    @Test
    void aNewerListenerOfTheSameIdTakesTheTerminatorOver() {
        Headers listener =
                Headers.builder().bytes(EdgeHeader.LISTENER_ID, new byte[] {7}).build();
        TestSdk first = world.host();
        first.bind(1, world.bindToken(), listener);
        first.next(1);
        String id = world.controllers.terminators().get(0);
        TestSdk second = world.host();

        second.bind(3, world.bindToken(), listener);

        assertRefused(first.next(1), 1, 0, "found a newer terminator for listener id");
        assertThat(second.next(3).contentType()).isEqualTo(EdgeContentType.BIND_SUCCESS);
        assertThat(world.controllers.terminators()).containsExactly(id);
    }

    @Test
    void theSameBindTwiceIsAnsweredAndMakesNoSecondTerminator() {
        Headers listener =
                Headers.builder().bytes(EdgeHeader.LISTENER_ID, new byte[] {7}).build();
        TestSdk host = world.host();
        String token = world.bindToken();
        host.bind(1, token, listener);
        host.next(1);

        Message again = host.bind(1, token, listener);

        assertThat(again.contentType()).isEqualTo(EdgeContentType.STATE_CONNECTED);
        assertThat(world.controllers.terminators()).hasSize(1);
    }

    @Test
    void unbindRemovesTheTerminator() {
        TestSdk host = boundHost();

        host.send(Message.of(
                EdgeContentType.UNBIND,
                Headers.builder().int32(EdgeHeader.CONN_ID, 1).build(),
                world.bindToken()));

        await().atMost(TestSdk.SOON).until(() -> world.controllers.terminators().isEmpty());
    }

    @Test
    void aControllerThatComesBackIsToldOfAllTerminators() {
        boundHost();
        int before = world.controllers.created.get();

        world.controllers.reconnect();

        await().atMost(TestSdk.SOON).until(() -> world.controllers.created.get() > before);
    }

    @Test
    void aBusyControllerIsAskedAgain() {
        world.controllers.onCreate = request -> world.controllers.created.get() > 1
                ? null
                : CreateTerminatorV2Response.newBuilder()
                        .setTerminatorId(request.getAddress())
                        .setResult(CreateTerminatorResult.FAILED_BUSY)
                        .build();

        boundHost();

        assertThat(world.controllers.created.get()).isEqualTo(2);
    }

    @Test
    void aControllersRefusalEndsTheListener() {
        world.controllers.onCreate = request -> CreateTerminatorV2Response.newBuilder()
                .setTerminatorId(request.getAddress())
                .setResult(CreateTerminatorResult.FAILED_OTHER)
                .setErrorCode(13)
                .setRetryHint(3)
                .setMsg("instance id taken")
                .build();
        TestSdk host = world.host();

        host.bind(1, world.bindToken(), Headers.EMPTY);

        assertRefused(host.next(1), 13, 3, "instance id taken");
    }

    @Test
    void anSdkThatDoesNotKnowTheListenerLosesIt() {
        TestSdk host = world.host();
        host.bind(
                1,
                world.bindToken(),
                Headers.builder().bool(EdgeHeader.SUPPORTS_INSPECT, true).build());
        host.next(1);

        Message question = host.next(1);
        assertThat(question.contentType()).isEqualTo(EdgeContentType.CONN_INSPECT_REQUEST);
        host.channel.reply(
                Lane.HIGH,
                question,
                Message.of(
                        EdgeContentType.CONN_INSPECT_RESPONSE,
                        Headers.builder().uint8(EdgeHeader.CONN_TYPE, 0).build(),
                        "invalid conn id [1]"));

        await().atMost(TestSdk.SOON).until(() -> world.controllers.terminators().isEmpty());
    }

    @Test
    void withoutAControllerThereIsNoBind() {
        TestSdk host = world.host();
        host.connect(9, "");
        world.controllers.connected = false;

        assertRefused(
                host.bind(1, world.bindToken(), Headers.EMPTY),
                null,
                null,
                "no controller available, cannot create terminator");
    }
}
