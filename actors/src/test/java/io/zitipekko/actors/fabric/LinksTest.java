package io.zitipekko.actors.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.fabric.LinkStatus.State;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.control.proto.RouterLinks;
import io.zitipekko.transport.control.proto.metrics.Histogram;
import io.zitipekko.transport.control.proto.metrics.MetricsMessage;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final LinkId LINK = new LinkId("l1");
    private final TestFabric network = new TestFabric();
    private final FakeRouter dialer = network.connect("r1");
    private final FakeRouter listener = network.connect("r2");

    @BeforeEach
    void report() {
        dialer.reportLink("l1", "r2", 1, true);
        awaitLink(l -> l.state() == State.CONNECTED);
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void freshLinkIsUsableAtItsInitialCost() {
        assertThat(link().orElseThrow().cost()).isEqualTo(130_001);
        assertThat(link().orElseThrow().usable()).isTrue();
    }

    @Test
    void latenciesOfBothEndsMakeItsCost() {
        measure(dialer, "r1", 2_000_000);
        measure(listener, "r2", 3_000_000);

        awaitLink(l -> l.cost() == 1 + (2 + 2) + (3 + 3));
    }

    @Test
    void metricsInAnotherRoutersNameAreDropped() {
        measure(listener, "r1", 2_000_000);
        measure(dialer, "r1", 3_000_000);

        awaitLink(l -> l.cost() == 1 + 6 + 65_000);
    }

    @Test
    void faultOfOneEndFailsTheLinkAndIsTellingTheOther() {
        listener.fault(FaultSubject.LINK_FAULT, "l1");

        awaitLink(l -> l.state() == State.FAILED);
        Fault told = dialer.expect(ControlContentType.FAULT, Fault.parser(), f -> true);
        assertThat(told.getSubject()).isEqualTo(FaultSubject.LINK_FAULT);
        assertThat(told.getId()).isEqualTo("l1");
        assertThat(told.getIteration()).isEqualTo(1);
    }

    @Test
    void duplicateIsRelayedAsLinkFault() {
        dialer.fault(FaultSubject.LINK_DUPLICATE, "l1");

        awaitLink(l -> l.state() == State.DUPLICATE);
        assertThat(listener.expect(ControlContentType.FAULT, Fault.parser(), f -> true)
                        .getSubject())
                .isEqualTo(FaultSubject.LINK_FAULT);
    }

    @Test
    void strangersAndOldIterationsCannotFailALink() {
        FakeRouter stranger = network.connect("r3");
        dialer.reportLink("l1", "r2", 5, false);
        awaitLink(l -> l.iteration() == 5);

        stranger.fault(FaultSubject.LINK_FAULT, "l1");
        dialer.tell(
                ControlContentType.FAULT,
                Fault.newBuilder()
                        .setSubject(FaultSubject.LINK_FAULT)
                        .setId("l1")
                        .setIteration(4)
                        .build());
        stranger.reportLink("l1", "r2", 9, false);
        stranger.reportLink("l3", "r2", 1, false);

        await().until(() -> network.directory().link(new LinkId("l3")).isPresent());
        assertThat(link().orElseThrow().state()).isEqualTo(State.CONNECTED);
        assertThat(link().orElseThrow().iteration()).isEqualTo(5);
    }

    @Test
    void failedLinkComesBackWithItsNextIterationOnly() {
        dialer.fault(FaultSubject.LINK_FAULT, "l1");
        awaitLink(l -> l.state() == State.FAILED);

        dialer.reportLink("l1", "r2", 1, false);
        dialer.reportLink("l2", "r2", 1, false);
        await().until(() -> network.directory().link(new LinkId("l2")).isPresent());
        assertThat(link().orElseThrow().state()).isEqualTo(State.FAILED);

        dialer.reportLink("l1", "r2", 2, false);
        awaitLink(l -> l.state() == State.CONNECTED);
    }

    @Test
    void fullRefreshWithoutALinkRemovesIt() {
        dialer.tell(
                ControlContentType.ROUTER_LINKS,
                RouterLinks.newBuilder().setFullRefresh(true).build());

        await().until(() -> link().isEmpty());
    }

    @Test
    void linkIsNotOfferedWhileItsDialerIsAwayAndIsBackWithIt() {
        dialer.channel().close("lost");
        await().until(() -> link().isEmpty());

        dialer.connect();
        dialer.reportLink("l1", "r2", 1, true);
        awaitLink(l -> l.state() == State.CONNECTED);
    }

    @Test
    void operatorSetsCostTakesDownAndRemoves() {
        assertThat(network.directory()
                        .updateLink(LINK, 7, true)
                        .toCompletableFuture()
                        .join())
                .isTrue();
        awaitLink(l -> l.staticCost() == 7 && l.down() && !l.usable());

        assertThat(network.directory().removeLink(LINK).toCompletableFuture().join())
                .isTrue();
        await().until(() -> link().isEmpty());
        dialer.expect(ControlContentType.FAULT, Fault.parser(), f -> f.getId().equals("l1"));
        listener.expect(ControlContentType.FAULT, Fault.parser(), f -> f.getId().equals("l1"));
        assertThat(network.directory()
                        .removeLink(new LinkId("none"))
                        .toCompletableFuture()
                        .join())
                .isFalse();
    }

    private void measure(FakeRouter at, String source, double nanos) {
        Histogram histogram = Histogram.newBuilder().setMean(nanos).build();
        at.tell(
                ControlContentType.METRICS,
                MetricsMessage.newBuilder()
                        .setSourceId(source)
                        .putHistograms("link.l1.latency", histogram)
                        .putHistograms("link.l1.queue_time", histogram)
                        .build());
    }

    private Optional<LinkStatus> link() {
        return network.directory().link(LINK);
    }

    private void awaitLink(Predicate<LinkStatus> wanted) {
        await().until(() -> link().filter(wanted).isPresent());
    }
}
