package io.zitipekko.transport.channel.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.transport.channel.ChannelKind;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.group.GroupRegistry.Claim;
import io.zitipekko.transport.identity.PresentedCertificates;
import io.zitipekko.transport.memory.SharedMemory;
import io.zitipekko.transport.tls.TlsPeer;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupRegistryTest {
    private final GroupRegistry registry = new GroupRegistry();
    private ActorSystem system;

    @BeforeEach
    void start() {
        system = ActorSystem.create("group-test");
    }

    @AfterEach
    void stop() {
        TestKit.shutdownActorSystem(system);
    }

    private UnderlayGroup group() {
        InetSocketAddress nowhere = new InetSocketAddress("127.0.0.1", 1);
        return new UnderlayGroup(
                system,
                new GroupSpec(
                        ChannelKind.EDGE,
                        ChannelOptions.EDGE,
                        "g",
                        true,
                        false,
                        new byte[16],
                        "peer",
                        Message.of(0, Headers.EMPTY, ""),
                        new TlsPeer(nowhere, nowhere, "", PresentedCertificates.NONE),
                        SharedMemory.unbounded()));
    }

    @Test
    void aJoinWaitsForTheGroupThatIsBeingCreated() throws Exception {
        Claim.Reserved reserved = (Claim.Reserved) registry.claim("g", true);
        Claim.Pending pending = (Claim.Pending) registry.claim("g", false);
        assertThat(pending.settled().toCompletableFuture()).isNotDone();
        UnderlayGroup group = group();

        reserved.reservation().created(group);

        pending.settled().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(((Claim.Live) registry.claim("g", false)).group()).isSameAs(group);
    }

    @Test
    void aJoinWaitsNoLongerThanASecond() {
        registry.claim("g", true);
        Claim.Pending pending = (Claim.Pending) registry.claim("g", true);

        assertThatThrownBy(() -> pending.settled().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aReservationThatCameToNothingFreesTheId() {
        Claim.Reserved reserved = (Claim.Reserved) registry.claim("g", true);
        Claim.Pending pending = (Claim.Pending) registry.claim("g", false);

        reserved.reservation().release();

        assertThat(pending.settled().toCompletableFuture()).isCompletedExceptionally();
        assertThat(registry.claim("g", false)).isInstanceOf(Claim.Unknown.class);
        assertThat(registry.claim("g", true)).isInstanceOf(Claim.Reserved.class);
    }

    @Test
    void aClosedGroupIsForgotten() throws Exception {
        UnderlayGroup group = group();
        ((Claim.Reserved) registry.claim("g", true)).reservation().created(group);

        group.close("over");

        assertThat(registry.claim("g", false)).isInstanceOf(Claim.Unknown.class);
        group.closed().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(registry.size()).isZero();
    }

    @Test
    void emptySecretsOpenNothing() {
        assertThat(group().spec().admits(new byte[16])).isTrue();
        assertThat(group().spec().admits(new byte[15])).isFalse();
        GroupSpec spec = group().spec();
        GroupSpec open = new GroupSpec(
                spec.kind(),
                spec.options(),
                "g",
                true,
                false,
                new byte[0],
                "",
                spec.handshake(),
                spec.peer(),
                spec.memory());
        assertThat(open.admits(new byte[0])).isFalse();
    }
}
