package io.zitipekko.actors.router.forwarder;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.dial.RouteException;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.RouteErrorCode;
import io.zitipekko.transport.xgress.CircuitControl;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.PayloadFlags;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressContentType;
import io.zitipekko.transport.xgress.XgressHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The router's forwarding tables: circuit and source address give the next address, an address gives the link, local end or SDK
 * behind it (protocol/04 section 4). Data threads read them directly; routes, ends and links write them. No lock and no mailbox is
 * in a payload's path.
 *
 * <p><b>Room.</b> A destination that is full says so at once. What then happens depends on who sends: a local end keeps the message in
 * its window and goes on when there is room again; what comes from a link or from an SDK that ends its circuits itself is held by its
 * {@link Transit} as long as it moves on at all, during which reading from there stops, and dropped only then. Waiting without a limit
 * could lock up a ring of routers whose links all wait for each other; dropping at once, which peers do, costs a retransmission
 * time-out for each burst. Acknowledgements and controls are never held: they are small, and the next one replaces them.
 */
public final class Forwarder {
    private final RouterId self;
    private final Faults faults;
    private final Scheduler scheduler;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<CircuitId, CircuitEntry> circuits = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<XgressAddress, Destination> destinations = new ConcurrentHashMap<>();
    private final ForwarderCounters counters = new ForwarderCounters();

    public Forwarder(RouterId self, Faults faults, Scheduler scheduler, LongSupplier nanoTime) {
        this.self = Objects.requireNonNull(self, "self");
        this.faults = Objects.requireNonNull(faults, "faults");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    }

    // ---- data plane

    /** Sends a message on from {@code source}, an address of its circuit at this router. */
    public ForwardOutcome forward(XgressAddress source, Message message) {
        Optional<CircuitId> id = circuitOf(message);
        if (id.isEmpty()) {
            counters.malformed.increment();
            return ForwardOutcome.MALFORMED;
        }
        CircuitEntry circuit = circuits.get(id.get());
        if (circuit == null) {
            return broken(ForwardOutcome.UNKNOWN_CIRCUIT, id.get(), null, message);
        }
        Destination destination = destinationOf(circuit, source);
        if (destination == null) {
            return broken(ForwardOutcome.NO_WAY, id.get(), circuit, message);
        }
        Message onward = Onward.of(message);
        if (onward.contentType() == XgressContentType.CONTROL) {
            return trace(source, destination, onward);
        }
        if (!destination.offer(onward)) {
            return ForwardOutcome.NO_ROOM;
        }
        counters.messages.increment();
        if (message.contentType() == XgressContentType.PAYLOAD) {
            counters.payloadBytes.add(message.body().size());
        }
        if (!isOwnRetransmission(source, message)) {
            circuit.touch(nanoTime.getAsLong());
        }
        return ForwardOutcome.FORWARDED;
    }

    /** A trace takes one hop off its count here and is answered when none is left; its answer is simply passed on. */
    private ForwardOutcome trace(XgressAddress source, Destination destination, Message message) {
        CircuitControl control;
        try {
            control = CircuitControl.from(message);
        } catch (IllegalArgumentException e) {
            counters.malformed.increment();
            return ForwardOutcome.MALFORMED;
        }
        if (control.type() == CircuitControl.Type.TRACE_ROUTE) {
            control = control.afterHop();
            if (control.hopCount() == 0) {
                Destination back = destinations.get(source);
                return back != null
                                && back.offer(control.answer("forwarder", self.value())
                                        .toMessage())
                        ? ForwardOutcome.FORWARDED
                        : ForwardOutcome.NO_ROOM;
            }
        }
        return destination.offer(control.toMessage()) ? ForwardOutcome.FORWARDED : ForwardOutcome.NO_ROOM;
    }

    /** Runs {@code once} when what {@code message} leads to may have room again; at once when it leads nowhere. */
    public void whenWritable(XgressAddress source, Message message, Runnable once) {
        CircuitEntry circuit = circuitOf(message).map(circuits::get).orElse(null);
        Destination destination = circuit == null ? null : destinationOf(circuit, source);
        if (destination == null) {
            once.run();
        } else {
            destination.whenWritable(once);
        }
    }

    private ForwardOutcome broken(
            ForwardOutcome outcome, CircuitId id, @Nullable CircuitEntry circuit, Message message) {
        counters.broken.increment();
        if (message.contentType() == XgressContentType.PAYLOAD) {
            faults.forwardFailed(id, Optional.ofNullable(circuit).map(CircuitEntry::owner));
        }
        return outcome;
    }

    private static Optional<CircuitId> circuitOf(Message message) {
        return message.contentType() == XgressContentType.CLOSE ? Optional.empty() : CircuitId.of(message);
    }

    private boolean isOwnRetransmission(XgressAddress source, Message message) {
        return message.contentType() == XgressContentType.PAYLOAD
                && (message.headers().int32(XgressHeader.FLAGS).orElse(0) & PayloadFlags.RETRANSMIT) != 0
                && destinations.get(source) instanceof LocalEnd;
    }

    private @Nullable Destination destinationOf(CircuitEntry circuit, XgressAddress source) {
        XgressAddress next = circuit.next(source);
        return next == null ? null : destinations.get(next);
    }

    // ---- routes

    /**
     * Adds ways of a circuit, or overwrites them (that is how a circuit is rerouted). Ways added before one that fails stay.
     *
     * @throws RouteException when a link or the terminator's end is not here
     */
    public void route(CircuitId id, ControllerId owner, List<Forward> forwards, Map<String, String> tags) {
        CircuitEntry circuit =
                circuits.computeIfAbsent(id, k -> new CircuitEntry(k, owner, tags, nanoTime.getAsLong()));
        circuit.tag(tags);
        for (Forward forward : forwards) {
            boolean present = destinations.containsKey(forward.destination());
            if (!present && forward.kind() == Forward.Kind.LINK) {
                faults.linkMissing(forward.destination());
                throw new RouteException(
                        RouteErrorCode.INVALID_LINK_DESTINATION,
                        "circuit " + id + ": link " + forward.destination() + " is not connected here");
            }
            if (!present && forward.kind() == Forward.Kind.END) {
                throw new RouteException(
                        RouteErrorCode.GENERIC,
                        "circuit " + id + ": its end " + forward.destination() + " is not (or no longer) here");
            }
            circuit.add(owner, forward);
        }
        circuit.touch(nanoTime.getAsLong());
    }

    /** Takes a circuit away: at once, or when it has carried nothing for a while (see {@link #removeDrained}). */
    public void unroute(CircuitId id, boolean now) {
        CircuitEntry circuit = circuits.get(id);
        if (circuit == null) {
            return;
        }
        if (now) {
            remove(circuit);
        } else {
            circuit.markClosing();
        }
    }

    /** Ends all circuits that were unrouted and are idle for so long, or have no end here. Called from time to time. */
    public void removeDrained(Duration idle) {
        long now = nanoTime.getAsLong();
        for (CircuitEntry circuit : circuits.values()) {
            if (circuit.isClosing()
                    && (circuit.idleNanos(now) >= idle.toNanos()
                            || localEnds(circuit).isEmpty())) {
                remove(circuit);
            }
        }
    }

    /** Asks the owners of circuits that carried nothing for so long whether they still exist. Called from time to time. */
    public void reportIdle(Duration idle) {
        long now = nanoTime.getAsLong();
        Map<ControllerId, Map<CircuitId, Long>> found = new HashMap<>();
        for (CircuitEntry circuit : circuits.values()) {
            if (circuit.idleNanos(now) > idle.toNanos()) {
                found.computeIfAbsent(circuit.owner(), k -> new HashMap<>()).put(circuit.id, circuit.idleNanos(now));
            }
        }
        found.forEach(faults::idle);
    }

    private void remove(CircuitEntry circuit) {
        if (circuits.remove(circuit.id, circuit)) {
            List<LocalEnd> ends = localEnds(circuit);
            circuit.forEachAddress(address -> destinations.computeIfPresent(
                    address, (k, destination) -> destination instanceof LocalEnd ? null : destination));
            ends.forEach(LocalEnd::unrouted);
        }
    }

    private List<LocalEnd> localEnds(CircuitEntry circuit) {
        List<LocalEnd> ends = new ArrayList<>(2);
        circuit.forEachAddress(address -> {
            if (destinations.get(address) instanceof LocalEnd end) {
                ends.add(end);
            }
        });
        return ends;
    }

    // ---- ends

    /** Registers the terminator's end, before its route. @throws RouteException when the address is taken */
    public void attachEgress(XgressAddress address, LocalEnd end) {
        if (destinations.putIfAbsent(address, end) != null) {
            throw new RouteException(RouteErrorCode.GENERIC, "address " + address + " is in use already");
        }
    }

    /** Registers the initiator's end, after its route; false when the circuit was taken away meanwhile. */
    public boolean attachIngress(CircuitId id, XgressAddress address, LocalEnd end) {
        if (destinations.putIfAbsent(address, end) != null) {
            return false;
        }
        // In this order, so that an unroute either finds the end or is seen here.
        if (circuits.containsKey(id)) {
            return true;
        }
        destinations.remove(address, end);
        return false;
    }

    /** An end is closed for good: nothing reaches it any more, and the circuit's owner hears of it. */
    public void detach(CircuitId id, XgressAddress address, LocalEnd end, boolean initiator) {
        if (destinations.remove(address, end)) {
            CircuitEntry circuit = circuits.get(id);
            if (circuit != null && !circuit.isClosing()) {
                faults.ended(id, circuit.owner(), initiator);
            }
        }
    }

    /** Whether something is registered under this address. */
    public boolean has(XgressAddress address) {
        return destinations.containsKey(address);
    }

    // ---- links

    /** Makes a link known; messages that arrive over it go to the intake. A link of the same id is replaced. */
    public LinkIntake addLink(LinkPort link) {
        destinations.put(link.address(), link);
        return new LinkIntake(link, new Transit(this, scheduler, counters, link::pauseReading, link::resumeReading));
    }

    /** Forgets a link that is closed. Circuits over it stay: the controller reroutes them. */
    public void removeLink(LinkPort link) {
        destinations.remove(link.address(), link);
    }

    /** For a source of many circuits that is not a link: an SDK channel whose circuits end in the SDK. */
    public Transit transit(Runnable pauseReading, Runnable resumeReading) {
        return new Transit(this, scheduler, counters, pauseReading, resumeReading);
    }

    /** Runs {@code task} once, after a while. */
    public void later(Duration delay, Runnable task) {
        scheduler.schedule(delay, task);
    }

    // ---- for inspection

    public ForwarderCounters counters() {
        return counters;
    }

    public int circuitCount() {
        return circuits.size();
    }

    public int destinationCount() {
        return destinations.size();
    }

    /** What is registered under this address. */
    public Optional<Destination> destination(XgressAddress address) {
        return Optional.ofNullable(destinations.get(address));
    }

    /** The tags of the circuit's first route; empty when it is unknown. */
    public Map<String, String> tags(CircuitId id) {
        CircuitEntry circuit = circuits.get(id);
        return circuit == null ? Map.of() : circuit.tags();
    }

    /** The controller that routed the circuit last. */
    public Optional<ControllerId> owner(CircuitId id) {
        return Optional.ofNullable(circuits.get(id)).map(CircuitEntry::owner);
    }

    /** One line per circuit. */
    public List<String> describe() {
        return circuits.values().stream().map(CircuitEntry::describe).sorted().toList();
    }
}
