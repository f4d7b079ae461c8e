package io.zitipekko.actors.router.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.dial.RouteException;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.xgress.Acknowledgement;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.Payload;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class ForwarderTest {
    private static final CircuitId CIRCUIT = new CircuitId("c1");
    private static final XgressAddress INGRESS = new XgressAddress("in");
    private static final XgressAddress EGRESS = new XgressAddress("out");
    private static final ControllerId OWNER = new ControllerId("ctrl");

    private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    private final Reports reports = new Reports();
    private final List<Runnable> scheduled = new ArrayList<>();
    private final Forwarder forwarder =
            new Forwarder(new RouterId("r1"), reports, (delay, task) -> scheduled.add(task), now::get);
    private final Link left = new Link("left");
    private final Link right = new Link("right");
    private final LinkIntake fromLeft = forwarder.addLink(left);

    ForwarderTest() {
        forwarder.addLink(right);
    }

    private static Message payload(String body) {
        return new Payload(CIRCUIT, 0, 0, 77, Headers.EMPTY, ByteString.fromString(body)).toMessage();
    }

    private static Forward link(XgressAddress from, XgressAddress to) {
        return new Forward(from, to, Forward.Kind.LINK);
    }

    private void routeThrough() {
        forwarder.route(
                CIRCUIT,
                OWNER,
                List.of(link(left.address, right.address), link(right.address, left.address)),
                Map.of("a", "b"));
    }

    @Test
    void payloadsAcksAndControlsFollowTheCircuitsWays() {
        routeThrough();

        fromLeft.receive(payload("x"));
        fromLeft.receive(Acknowledgement.of(CIRCUIT, 0, 5, 1, 1, 2).toMessage());
        fromLeft.receive(trace(50));

        assertThat(right.got)
                .extracting(Message::contentType)
                .containsExactly(
                        XgressContentType.PAYLOAD, XgressContentType.ACKNOWLEDGEMENT, XgressContentType.CONTROL);
        assertThat(right.got.get(0).bodyText()).isEqualTo("x");
        assertThat(forwarder.counters().payloadBytes()).isOne();
    }

    @Test
    void theStampIsKeptAndTheHopsOwnHeadersAreNot() {
        routeThrough();
        Message message = payload("x");

        fromLeft.receive(message.withHeaders(message.headers().toBuilder()
                .int32(1, 9)
                .uint64(5, 9)
                .uint64(6, 9)
                .int32(1000, 9)
                .int32(2261, 9)
                .int32(2016, 4)
                .build()));

        Headers onward = right.got.get(0).headers();
        assertThat(onward.uint16(XgressHeader.RTT_STAMP)).hasValue(77);
        assertThat(onward.int32(2016)).hasValue(4);
        for (int gone : new int[] {1, 5, 6, 1000, 2261}) {
            assertThat(onward.has(gone)).as("header %d", gone).isFalse();
        }
    }

    @Test
    void aTraceThatEndsHereIsAnsweredHere() {
        routeThrough();

        fromLeft.receive(trace(1));

        assertThat(right.got).isEmpty();
        CircuitControl answer = CircuitControl.from(left.got.get(0));
        assertThat(answer.type()).isEqualTo(CircuitControl.Type.TRACE_ROUTE_RESPONSE);
        assertThat(answer.hopCount()).isZero();
        assertThat(answer.headers().string(XgressHeader.TRACE_HOP_TYPE)).contains("forwarder");
        assertThat(answer.headers().string(XgressHeader.TRACE_HOP_ID)).contains("r1");
        assertThat(answer.headers().uint64(XgressHeader.TRACE_TIMESTAMP)).hasValue(5);
    }

    @Test
    void aTraceThatGoesOnHasOneHopLess() {
        routeThrough();

        fromLeft.receive(trace(50));

        assertThat(CircuitControl.from(right.got.get(0)).hopCount()).isEqualTo(49);
    }

    private static Message trace(int hops) {
        return new CircuitControl(
                        CircuitControl.Type.TRACE_ROUTE,
                        CIRCUIT,
                        Headers.builder()
                                .int32(XgressHeader.TRACE_HOP_COUNT, hops)
                                .uint64(XgressHeader.TRACE_TIMESTAMP, 5)
                                .build())
                .toMessage();
    }

    @Test
    void malformedMessagesAreCountedAndDropped() {
        routeThrough();

        fromLeft.receive(Message.of(XgressContentType.PAYLOAD, Headers.EMPTY, "x"));
        fromLeft.receive(Message.of(XgressContentType.CONTROL, Headers.EMPTY, ""));
        fromLeft.receive(Message.of(XgressContentType.CONTROL, Headers.EMPTY, "\tc1"));
        fromLeft.receive(Message.of(XgressContentType.CLOSE, Headers.EMPTY, "c1"));
        fromLeft.receive(Message.of(42, Headers.EMPTY, "c1"));

        assertThat(forwarder.counters().malformed()).isEqualTo(5);
        assertThat(right.got).isEmpty();
    }

    @Test
    void aPayloadWithoutAWayIsReportedToItsOwnerOrToAll() {
        fromLeft.receive(payload("x"));
        forwarder.route(CIRCUIT, OWNER, List.of(link(right.address, left.address)), Map.of());
        fromLeft.receive(payload("x"));
        fromLeft.receive(Acknowledgement.of(CIRCUIT, 0, 5, 1).toMessage());

        assertThat(reports.broken).containsExactly(Optional.empty(), Optional.of(OWNER));
    }

    @Test
    void aClosedLinkBreaksItsCircuitsUntilTheyAreRoutedAnew() {
        routeThrough();
        Link other = new Link("other");
        forwarder.addLink(other);

        forwarder.removeLink(right);
        fromLeft.receive(payload("lost"));
        forwarder.route(CIRCUIT, OWNER, List.of(link(left.address, other.address)), Map.of());
        fromLeft.receive(payload("found"));

        assertThat(reports.broken).hasSize(1);
        assertThat(other.got).extracting(Message::bodyText).containsExactly("found");
        assertThat(forwarder.tags(CIRCUIT)).containsEntry("a", "b");
    }

    @Test
    void aRouteOverAnUnknownLinkFailsAndReportsTheLink() {
        assertThatThrownBy(() ->
                        forwarder.route(CIRCUIT, OWNER, List.of(link(INGRESS, new XgressAddress("nowhere"))), Map.of()))
                .isInstanceOfSatisfying(RouteException.class, e -> assertThat(e.error())
                        .isEqualTo(RouteErrorCode.INVALID_LINK_DESTINATION));
        assertThat(reports.missing).containsExactly(new XgressAddress("nowhere"));
    }

    @Test
    void aRouteToAnEndNeedsTheTerminatorsEndButNotTheInitiators() {
        assertThatThrownBy(() -> forwarder.route(
                        CIRCUIT, OWNER, List.of(new Forward(left.address, EGRESS, Forward.Kind.END)), Map.of()))
                .isInstanceOf(RouteException.class);

        forwarder.route(CIRCUIT, OWNER, List.of(new Forward(left.address, INGRESS, Forward.Kind.START)), Map.of());

        End end = new End();
        assertThat(forwarder.attachIngress(CIRCUIT, INGRESS, end)).isTrue();
        fromLeft.receive(payload("x"));
        assertThat(end.got).hasSize(1);
    }

    @Test
    void anInitiatorsEndFindsItsCircuitGone() {
        assertThat(forwarder.attachIngress(CIRCUIT, INGRESS, new End())).isFalse();
        assertThat(forwarder.has(INGRESS)).isFalse();
    }

    @Test
    void anAddressIsTakenOnce() {
        forwarder.attachEgress(EGRESS, new End());

        assertThatThrownBy(() -> forwarder.attachEgress(EGRESS, new End())).isInstanceOf(RouteException.class);
    }

    @Test
    void unrouteNowEndsTheCircuitAtOnce() {
        End end = routedEnd();

        forwarder.unroute(CIRCUIT, true);

        assertThat(end.unrouted).isOne();
        assertThat(forwarder.circuitCount()).isZero();
        assertThat(forwarder.destinationCount()).isEqualTo(2);
    }

    @Test
    void unrouteLaterWaitsUntilTheCircuitIsIdle() {
        End end = routedEnd();

        forwarder.unroute(CIRCUIT, false);
        forwarder.removeDrained(Duration.ofSeconds(5));
        assertThat(end.unrouted).isZero();

        now.addAndGet(Duration.ofSeconds(4).toNanos());
        fromLeft.receive(payload("still draining"));
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        forwarder.removeDrained(Duration.ofSeconds(5));
        assertThat(end.unrouted).isZero();

        now.addAndGet(Duration.ofSeconds(2).toNanos());
        forwarder.removeDrained(Duration.ofSeconds(5));
        assertThat(end.unrouted).isOne();
        assertThat(forwarder.circuitCount()).isZero();
    }

    @Test
    void unrouteLaterOfATransitCircuitEndsAtTheNextLook() {
        routeThrough();

        forwarder.unroute(CIRCUIT, false);
        forwarder.removeDrained(Duration.ofSeconds(5));

        assertThat(forwarder.circuitCount()).isZero();
    }

    @Test
    void anEndThatLeavesIsReportedOnceAndNotWhenItsCircuitWasTakenAway() {
        End end = routedEnd();
        forwarder.detach(CIRCUIT, EGRESS, end, false);
        forwarder.detach(CIRCUIT, EGRESS, end, false);
        assertThat(reports.ended).containsExactly(CIRCUIT);

        forwarder.unroute(CIRCUIT, true);
        End second = routedEnd();
        forwarder.unroute(CIRCUIT, true);
        forwarder.detach(CIRCUIT, EGRESS, second, false);
        assertThat(reports.ended).hasSize(1);
    }

    private End routedEnd() {
        End end = new End();
        forwarder.attachEgress(EGRESS, end);
        forwarder.route(
                CIRCUIT,
                OWNER,
                List.of(link(EGRESS, left.address), new Forward(left.address, EGRESS, Forward.Kind.END)),
                Map.of());
        return end;
    }

    @Test
    void idleCircuitsAreAskedAbout() {
        routeThrough();
        now.addAndGet(Duration.ofSeconds(61).toNanos());

        forwarder.reportIdle(Duration.ofSeconds(60));

        assertThat(reports.idle.get(OWNER)).containsOnlyKeys(CIRCUIT);
        assertThat(reports.idle.get(OWNER).get(CIRCUIT))
                .isGreaterThan(Duration.ofSeconds(60).toNanos());
        fromLeft.receive(payload("x"));
        reports.idle.clear();
        forwarder.reportIdle(Duration.ofSeconds(60));
        assertThat(reports.idle).isEmpty();
    }

    @Test
    void whatAFullLinkCannotTakeIsHeldWhileReadingFromItsSourceStops() {
        routeThrough();
        right.room = 0;

        fromLeft.receive(payload("one"));
        fromLeft.receive(payload("two"));

        assertThat(left.pauses).isOne();
        right.room = 10;
        right.wake();
        assertThat(right.got).extracting(Message::bodyText).containsExactly("one", "two");
        assertThat(left.pauses).isZero();
        assertThat(forwarder.counters().dropped()).isZero();
    }

    @Test
    void whatIsHeldTooLongIsDroppedAndReadingGoesOn() {
        routeThrough();
        right.room = 0;
        fromLeft.receive(payload("one"));

        scheduled.forEach(Runnable::run);

        assertThat(left.pauses).isZero();
        assertThat(forwarder.counters().dropped()).isOne();
        right.room = 10;
        right.wake();
        assertThat(right.got).isEmpty();
        fromLeft.receive(payload("next"));
        assertThat(right.got).hasSize(1);
    }

    @Test
    void whatIsHeldIsNotDroppedAsLongAsItMovesOn() {
        routeThrough();
        right.room = 0;
        for (int i = 0; i < 3; i++) {
            fromLeft.receive(payload("held " + i));
        }

        for (int i = 0; i < 2; i++) {
            right.room = 1;
            right.wake();
            Runnable timer = scheduled.remove(0);
            timer.run();
        }
        assertThat(forwarder.counters().dropped()).isZero();
        assertThat(left.pauses).isOne();

        scheduled.remove(0).run();
        assertThat(right.got).extracting(Message::bodyText).containsExactly("held 0", "held 1");
        assertThat(forwarder.counters().dropped()).as("stuck for a whole time").isOne();
        assertThat(left.pauses).isZero();
    }

    @Test
    void holdingIsBounded() {
        routeThrough();
        right.room = 0;

        for (int i = 0; i < 40; i++) {
            fromLeft.receive(payload("x".repeat(100_000)));
        }

        assertThat(forwarder.counters().dropped()).isGreaterThan(15);
        assertThat(left.pauses).isOne();
    }

    @Test
    void acksAreNeverHeld() {
        routeThrough();
        right.room = 0;

        fromLeft.receive(Acknowledgement.of(CIRCUIT, 0, 5, 1, 1).toMessage());

        assertThat(left.pauses).isZero();
        assertThat(forwarder.counters().dropped()).isOne();
    }

    @Test
    void aLinkThatTellsOfRoomAndHasNoneIsAskedAgainLaterNotForEver() {
        routeThrough();
        right.room = 0;
        right.tellsAtOnce = true;

        fromLeft.receive(payload("x"));

        assertThat(right.got).isEmpty();
        assertThat(right.asked).isLessThan(100);
        right.room = 1;
        // The first gives up after a while, the second looks again.
        scheduled.get(1).run();
        assertThat(right.got).hasSize(1);
        assertThat(left.pauses).isZero();
    }

    private static final class Link implements LinkPort {
        final XgressAddress address;
        final List<Message> got = new ArrayList<>();
        private final List<Runnable> waiting = new ArrayList<>();
        int room = Integer.MAX_VALUE;
        int pauses;
        boolean tellsAtOnce;
        int asked;

        Link(String id) {
            address = new XgressAddress(id);
        }

        @Override
        public XgressAddress address() {
            return address;
        }

        @Override
        public boolean offer(Message message) {
            asked++;
            if (room == 0) {
                return false;
            }
            room--;
            got.add(message);
            return true;
        }

        @Override
        public void whenWritable(Runnable once) {
            if (tellsAtOnce) {
                once.run();
                return;
            }
            waiting.add(once);
        }

        void wake() {
            List<Runnable> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(Runnable::run);
        }

        @Override
        public void pauseReading() {
            pauses++;
        }

        @Override
        public void resumeReading() {
            pauses--;
        }
    }

    private static final class End implements LocalEnd {
        final List<Message> got = new ArrayList<>();
        int unrouted;

        @Override
        public boolean offer(Message message) {
            got.add(message);
            return true;
        }

        @Override
        public void whenWritable(Runnable once) {
            once.run();
        }

        @Override
        public void unrouted() {
            unrouted++;
        }
    }

    private static final class Reports implements Faults {
        final List<Optional<ControllerId>> broken = new ArrayList<>();
        final List<CircuitId> ended = new ArrayList<>();
        final List<XgressAddress> missing = new ArrayList<>();
        final Map<ControllerId, Map<CircuitId, Long>> idle = new java.util.HashMap<>();

        @Override
        public void forwardFailed(CircuitId circuit, Optional<ControllerId> owner) {
            broken.add(owner);
        }

        @Override
        public void ended(CircuitId circuit, ControllerId owner, boolean initiator) {
            ended.add(circuit);
        }

        @Override
        public void linkMissing(XgressAddress link) {
            missing.add(link);
        }

        @Override
        public void idle(ControllerId owner, Map<CircuitId, Long> idleNanos) {
            idle.put(owner, idleNanos);
        }
    }
}
