package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.forwarder.Faults;
import io.zitipekko.actors.router.forwarder.Scheduler;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.CircuitConfirmation;
import io.zitipekko.transport.control.proto.Fault;
import io.zitipekko.transport.control.proto.FaultSubject;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells controllers what goes wrong with circuits (messages 1004 and 1034). Forwarding faults are collected for {@code interval}, so
 * that a burst of payloads of one broken circuit makes one report; everything else goes out at once. Thread-safe.
 */
public final class FaultReporter implements Faults {
    /** More circuits than this in one interval are reported in the next: nothing a peer sends may grow this without bound. */
    private static final int MAX_COLLECTED = 10_000;

    private final ControllerClient controllers;
    private final Scheduler scheduler;
    private final Duration interval;
    private final Map<Optional<ControllerId>, Set<CircuitId>> collected = new HashMap<>();
    private int size;

    public FaultReporter(ControllerClient controllers, Scheduler scheduler, Duration interval) {
        this.controllers = controllers;
        this.scheduler = scheduler;
        this.interval = interval;
    }

    @Override
    public void forwardFailed(CircuitId circuit, Optional<ControllerId> owner) {
        synchronized (this) {
            if (size >= MAX_COLLECTED
                    || !collected
                            .computeIfAbsent(owner, k -> new LinkedHashSet<>())
                            .add(circuit)) {
                return;
            }
            if (size++ > 0) {
                return;
            }
        }
        scheduler.schedule(interval, this::flush);
    }

    private void flush() {
        Map<Optional<ControllerId>, Set<CircuitId>> all;
        synchronized (this) {
            all = new HashMap<>(collected);
            collected.clear();
            size = 0;
        }
        all.forEach((owner, circuits) -> {
            String ids =
                    String.join(" ", circuits.stream().map(CircuitId::value).toList());
            if (owner.isPresent()) {
                send(owner.get(), FaultSubject.FORWARD_FAULT, ids);
            } else {
                controllers.broadcast(Lane.DEFAULT, fault(FaultSubject.UNKNOWN_OWNER_FORWARD_FAULT, ids));
            }
        });
    }

    @Override
    public void ended(CircuitId circuit, ControllerId owner, boolean initiator) {
        send(owner, initiator ? FaultSubject.INGRESS_FAULT : FaultSubject.EGRESS_FAULT, circuit.value());
    }

    @Override
    public void linkMissing(XgressAddress link) {
        controllers.broadcast(Lane.DEFAULT, fault(FaultSubject.LINK_FAULT, link.value()));
    }

    @Override
    public void idle(ControllerId owner, Map<CircuitId, Long> idleNanos) {
        CircuitConfirmation.Builder body = CircuitConfirmation.newBuilder();
        idleNanos.forEach((id, nanos) -> body.addCircuitIds(id.value()).putIdleTimes(id.value(), nanos));
        controllers.send(
                ControllerPreference.only(owner),
                Lane.DEFAULT,
                ControlMessages.of(ControlContentType.CIRCUIT_CONFIRMATION, body.build()));
    }

    private void send(ControllerId owner, FaultSubject subject, String id) {
        // An owner that is away asks about idle circuits when it is back, and unroutes what it does not know.
        controllers.send(ControllerPreference.only(owner), Lane.DEFAULT, fault(subject, id));
    }

    private static io.zitipekko.transport.channel.Message fault(FaultSubject subject, String id) {
        return ControlMessages.of(
                ControlContentType.FAULT,
                Fault.newBuilder().setSubject(subject).setId(id).build());
    }
}
