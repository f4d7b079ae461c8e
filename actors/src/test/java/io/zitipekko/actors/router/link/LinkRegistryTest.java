package io.zitipekko.actors.router.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.actors.router.SilentControllers;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.forwarder.Faults;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.transport.channel.ChannelOptions;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.PeerState;
import io.zitipekko.transport.control.proto.PeerStateChange;
import io.zitipekko.transport.control.proto.PeerStateChanges;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several links of one key survives, and what controllers are told (protocol/04 sections 1.8 to 1.10). */
final class LinkRegistryTest {
    private static final RouterId PEER = new RouterId("r2");
    private static final ControllerId CONTROLLER = new ControllerId("ctrl1");
    private static final Fingerprint PRINT = Fingerprint.ofDer(new byte[] {1});
    private static final LinkKey KEY = new LinkKey("default", "tls", PEER, "default");

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final LinkTable table = new LinkTable();
    private final Map<RouterId, RouterVerifier.Known> known = new ConcurrentHashMap<>();
    private final BlockingQueue<Message> toControllers = new LinkedBlockingQueue<>();
    private final ActorRef<LinkRegistry.Command> registry = kit.spawn(LinkRegistry.create(new LinkRegistry.Parts(
            settings(),
            new Controllers(toControllers),
            new Forwarder(new RouterId("r1"), Faults.NONE, (delay, task) -> {}, System::nanoTime),
            table,
            id -> Optional.ofNullable(known.get(id)),
            () -> {})));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** A link with its handler and channel, not yet given to the registry. */
    private final class Made {
        final LinkHandler handler = new LinkHandler(registry, reason -> {});
        final FakeChannel channel = new FakeChannel(handler);
        final RouterLink link;

        Made(String id, LinkKey key) {
            this.link = new RouterLink(id, key, 1, false, "", channel, channel);
        }

        Made up() {
            registry.tell(new LinkRegistry.Up(link, List.of(handler)));
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> channel.resumed > 0);
            return this;
        }
    }

    private Made accepted(String id) {
        return new Made(id, KEY);
    }

    private Message told() throws InterruptedException {
        Message message = toControllers.poll(60, TimeUnit.SECONDS);
        assertThat(message).as("a message to the controllers").isNotNull();
        return message;
    }

    private Fault toldFault() throws InterruptedException, InvalidProtocolBufferException {
        Message message = told();
        assertThat(message.contentType()).isEqualTo(ControlContentType.FAULT);
        return Fault.parseFrom(message.bodyBytes());
    }

    private void eventually(Runnable check) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(check::run);
    }

    @Test
    void anAcceptedLinkIsUsedAndNotReportedByTheAcceptor() {
        accepted("m").up();

        eventually(() -> assertThat(table.size()).isOne());
        assertThat(toControllers).isEmpty();
    }

    @Test
    void ofTwoLinksOfOneKeyTheOneWithTheSmallerIdStays() {
        Made first = accepted("a").up();
        Made second = accepted("b").up();

        eventually(() -> assertThat(table.all()).containsExactly(first.link));
        assertThat(second.channel.isClosed())
                .as("the dialer is to report first")
                .isFalse();
        time.timePasses(Duration.ofSeconds(30));
        eventually(() -> assertThat(second.channel.reason).contains("duplicate of link a"));
        assertThat(first.channel.isClosed()).isFalse();
    }

    @Test
    void aLinkWithASmallerIdReplacesTheOlderOneWhichIsReportedAndClosedLater() throws Exception {
        Made first = accepted("b").up();
        Made second = accepted("a").up();

        Fault fault = toldFault();
        assertThat(fault.getSubject()).isEqualTo(FaultSubject.LINK_DUPLICATE);
        assertThat(fault.getId()).isEqualTo("b");
        assertThat(first.channel.isClosed()).isFalse();
        time.timePasses(Duration.ofSeconds(75));
        eventually(() -> assertThat(first.channel.reason).contains("replaced"));
        eventually(() -> assertThat(table.all()).containsExactly(second.link));
    }

    @Test
    void aPeerThatInsistsOnItsLinkGetsIt() throws Exception {
        accepted("a").up();
        for (int i = 1; i <= 5; i++) {
            accepted("b" + i).up();
        }
        assertThat(toControllers).isEmpty();

        Made insisting = accepted("b6").up();

        assertThat(toldFault().getId()).isEqualTo("a");
        eventually(() -> assertThat(table.all()).contains(insisting.link));
    }

    @Test
    void aClosedLinkMakesRoomForAnotherOfItsKeyAndIsReported() throws Exception {
        Made first = accepted("a").up();

        first.channel.close("cut");

        Fault fault = toldFault();
        assertThat(fault.getSubject()).isEqualTo(FaultSubject.LINK_FAULT);
        assertThat(fault.getId()).isEqualTo("a");
        Made second = accepted("b").up();
        eventually(() -> assertThat(table.all()).containsExactly(second.link));
    }

    @Test
    void linksOfDifferentKeysStandSideBySide() {
        accepted("a").up();
        new Made("b", new LinkKey("wifi", "tls", PEER, "default")).up();
        new Made("c", new LinkKey("default", "tls", new RouterId("r3"), "default")).up();

        eventually(() -> assertThat(table.size()).isEqualTo(3));
    }

    @Test
    void aPeerThatIsRemovedOrDisabledLosesAllItsLinksDuplicatesToo() {
        known.put(new RouterId("r1"), new RouterVerifier.Known(PRINT, false));
        known.put(PEER, new RouterVerifier.Known(PRINT, false));
        RouterId third = new RouterId("r3");
        known.put(third, new RouterVerifier.Known(PRINT, false));
        Made first = accepted("a").up();
        Made duplicate = accepted("b").up();
        Made other = new Made("c", new LinkKey("default", "tls", third, "default")).up();

        known.put(PEER, new RouterVerifier.Known(PRINT, true));
        registry.tell(new LinkRegistry.RoutersChanged(routerChange(PEER)));

        eventually(() -> assertThat(first.channel.isClosed()).isTrue());
        eventually(() -> assertThat(duplicate.channel.isClosed()).isTrue());
        assertThat(other.channel.isClosed()).isFalse();
        known.remove(third);
        registry.tell(new LinkRegistry.RoutersChanged(routerChange(third)));
        eventually(() -> assertThat(other.channel.isClosed()).as("deleted").isTrue());
    }

    @Test
    void aLinkThatWasVerifiedBeforeItsRouterWasRemovedIsClosedWhenItComesUpAfterwards() {
        peerIs(PEER, PeerState.REMOVED);
        LinkHandler handler = new LinkHandler(registry, reason -> {});
        FakeChannel channel = new FakeChannel(handler);
        registry.tell(new LinkRegistry.Up(new RouterLink("a", KEY, 1, false, "", channel, channel), List.of(handler)));
        eventually(() -> assertThat(channel.reason).contains("removed or disabled"));
        assertThat(table.size()).isZero();

        peerIs(PEER, PeerState.HEALTHY);
        Made back = accepted("b").up();
        eventually(() -> assertThat(table.all()).as("let in again").containsExactly(back.link));
    }

    @Test
    void aModelThatDoesNotHaveThisRouterTakesNoLinks() {
        Made first = accepted("a").up();

        registry.tell(new LinkRegistry.RoutersChanged(RouterDataModel.Change.EVERYTHING));
        Made second = new Made("b", new LinkKey("wifi", "tls", PEER, "default")).up();

        assertThat(first.channel.isClosed() || second.channel.isClosed()).isFalse();
    }

    private void peerIs(RouterId peer, PeerState state) {
        registry.tell(new LinkRegistry.Peers(PeerStateChanges.newBuilder()
                .addChanges(PeerStateChange.newBuilder().setId(peer.value()).setState(state))
                .build()));
    }

    private static RouterDataModel.Change routerChange(RouterId router) {
        return new RouterDataModel.Change(false, Set.of(), Set.of(), Set.of(router));
    }

    @Test
    void aDialedLinkThatNobodyWantsAnyMoreIsClosed() {
        LinkHandler handler = new LinkHandler(registry, reason -> {});
        FakeChannel channel = new FakeChannel(handler);

        registry.tell(
                new LinkRegistry.Up(new RouterLink("a", KEY, 1, true, "tls:r2:1", channel, channel), List.of(handler)));

        eventually(() -> assertThat(channel.reason).contains("no longer wanted"));
        assertThat(table.size()).isZero();
    }

    @Test
    void aKeyWithoutBindingsIsTheDefaultOne() {
        assertThat(new LinkKey("", "tls", PEER, "")).isEqualTo(KEY).hasToString("default->tls:r2->default");
    }

    private static RouterSettings settings() {
        Supplier<Identity> none = () -> {
            throw new AssertionError("these tests dial nobody");
        };
        return new RouterSettings(
                new RouterId("r1"),
                none,
                "v2.1.0",
                new RouterSettings.Controllers(
                        List.of(), Path.of("none"), ChannelOptions.CONTROL, Duration.ofSeconds(5), Duration.ZERO),
                new RouterSettings.Links(List.of(), List.of()),
                Optional.empty(),
                RouterSettings.TransportDial.DEFAULT,
                RouterSettings.Forwarding.DEFAULT,
                new RouterSettings.Csr("", "", "", "", "", List.of(), List.of(), List.of(), List.of()),
                Path.of("none"),
                Duration.ofMinutes(1));
    }

    /** One controller that is always there. */
    private static final class Controllers extends SilentControllers {
        private final BlockingQueue<Message> sent;

        Controllers(BlockingQueue<Message> sent) {
            this.sent = sent;
        }

        @Override
        public boolean send(ControllerPreference preference, Lane lane, Message message) {
            return sent.add(message);
        }

        @Override
        public int broadcast(Lane lane, Message message) {
            sent.add(message);
            return 1;
        }

        @Override
        public Set<ControllerId> connected() {
            return Set.of(CONTROLLER);
        }
    }
}
