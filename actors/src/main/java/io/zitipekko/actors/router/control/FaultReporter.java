package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.forwarder.Faults;
import io.zitipekko.actors.router.forwarder.Scheduler;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.CircuitConfirmation;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells controllers of broken and ended circuits (messages 1004 and 1034, protocol/04 section 4). Data threads only note what they saw;
 * the first report goes out at once, what follows is collected for a while, and what a lost controller could not be told is told later.
 * Bounded: beyond that many pending reports of a kind new ones are dropped, for the controller's idle check to find.
 */
public final class FaultReporter implements Faults {
    private static final int MAX_PENDING = 50_000;
    private static final int IDS_PER_MESSAGE = 500;
    /** Stands for "nobody we know". */
    private static final String NO_OWNER = "";

    private final ControllerClient controllers;
    private final Scheduler scheduler;
    private final Duration interval;
    /** Circuit to the owner's id. */
    private final ConcurrentHashMap<CircuitId, String> broken = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<CircuitId, Ended> ended = new ConcurrentHashMap<>();
    private final AtomicBoolean flushing = new AtomicBoolean();

    /** @param interval least time between two rounds of reports */
    public FaultReporter(ControllerClient controllers, Scheduler scheduler, Duration interval) {
        this.controllers = controllers;
        this.scheduler = scheduler;
        this.interval = interval;
    }

    @Override
    public void forwardFailed(CircuitId circuit, Optional<ControllerId> owner) {
        String reportTo = owner.map(ControllerId::value).orElse(NO_OWNER);
        // Hot for a moment when a link goes away: most calls end at the first look.
        if (!reportTo.equals(broken.get(circuit)) && broken.size() < MAX_PENDING) {
            broken.put(circuit, reportTo);
            wake();
        }
    }

    @Override
    public void ended(CircuitId circuit, ControllerId owner, boolean initiator) {
        if (!send(owner, endFault(circuit, initiator)) && ended.size() < MAX_PENDING) {
            ended.put(circuit, new Ended(owner, initiator));
            wake();
        }
    }

    @Override
    public void linkMissing(XgressAddress link) {
        controllers.broadcast(Lane.DEFAULT, fault(FaultSubject.LINK_FAULT, link.value()));
    }

    @Override
    public void idle(ControllerId owner, Map<CircuitId, Long> idleNanos) {
        List<Map.Entry<CircuitId, Long>> all = List.copyOf(idleNanos.entrySet());
        for (int from = 0; from < all.size(); from += IDS_PER_MESSAGE) {
            CircuitConfirmation.Builder message = CircuitConfirmation.newBuilder();
            all.subList(from, Math.min(all.size(), from + IDS_PER_MESSAGE)).forEach(entry -> {
                message.addCircuitIds(entry.getKey().value());
                message.putIdleTimes(entry.getKey().value(), entry.getValue());
            });
            send(
                    owner,
                    Message.of(
                            ControlContentType.CIRCUIT_CONFIRMATION,
                            Headers.EMPTY,
                            message.build().toByteArray()));
        }
    }

    private void wake() {
        if (flushing.compareAndSet(false, true)) {
            scheduler.schedule(Duration.ZERO, this::flush);
        }
    }

    private void flush() {
        Map<String, List<CircuitId>> byOwner = new HashMap<>();
        broken.forEach((circuit, owner) ->
                byOwner.computeIfAbsent(owner, k -> new ArrayList<>()).add(circuit));
        byOwner.forEach((owner, circuits) -> {
            for (int from = 0; from < circuits.size(); from += IDS_PER_MESSAGE) {
                List<CircuitId> part = circuits.subList(from, Math.min(circuits.size(), from + IDS_PER_MESSAGE));
                reportBroken(owner, part);
                // Told or not: the circuit's next payload asks again.
                part.forEach(circuit -> broken.remove(circuit, owner));
            }
        });
        ended.forEach((circuit, how) -> {
            if (send(how.owner(), endFault(circuit, how.initiator()))) {
                ended.remove(circuit, how);
            }
        });
        scheduler.schedule(interval, () -> {
            flushing.set(false);
            if (!broken.isEmpty() || !ended.isEmpty()) {
                wake();
            }
        });
    }

    private void reportBroken(String owner, List<CircuitId> circuits) {
        String ids = String.join(" ", circuits.stream().map(CircuitId::value).toList());
        if (owner.equals(NO_OWNER)) {
            controllers.broadcast(Lane.DEFAULT, fault(FaultSubject.UNKNOWN_OWNER_FORWARD_FAULT, ids));
        } else {
            send(new ControllerId(owner), fault(FaultSubject.FORWARD_FAULT, ids));
        }
    }

    private boolean send(ControllerId owner, Message message) {
        return controllers.send(ControllerPreference.only(owner), Lane.DEFAULT, message);
    }

    private static Message endFault(CircuitId circuit, boolean initiator) {
        return fault(initiator ? FaultSubject.INGRESS_FAULT : FaultSubject.EGRESS_FAULT, circuit.value());
    }

    private static Message fault(FaultSubject subject, String id) {
        return Message.of(
                ControlContentType.FAULT,
                Headers.EMPTY,
                Fault.newBuilder().setSubject(subject).setId(id).build().toByteArray());
    }

    private record Ended(ControllerId owner, boolean initiator) {}
}
