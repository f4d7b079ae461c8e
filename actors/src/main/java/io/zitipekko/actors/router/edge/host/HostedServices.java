package io.zitipekko.actors.router.edge.host;

import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.datamodel.RouterDataModel;
import io.zitipekko.actors.router.edge.host.Hostings.Hosting;
import io.zitipekko.actors.router.edge.session.EdgeSession;
import io.zitipekko.actors.router.edge.session.Refusals;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorResult;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Owns what the SDKs at this router host: the life of each listener's terminator, from the bind to its removal at the controllers
 * (protocol/02 section 9, protocol/03 section 10). Started once per router by the edge side; a failure would lose the terminators
 * while their listeners live, so it is not restarted: the router's guardian ends the router.
 *
 * <p>A bind is answered at once and its terminator created behind that; a controller that comes back is told of all of them again,
 * which is harmless for those that it still has.
 */
public final class HostedServices extends AbstractBehavior<HostedServices.Command> {
    /** What it is told. */
    public sealed interface Command {}

    /** A checked bind; answered here. */
    public record Bind(HostedTerminator terminator, Message request) implements Command {}

    /** A new cost, a new precedence, or both, for a listener. */
    public record UpdateBind(HostChannel connection, int connId, OptionalInt cost, Optional<Precedence> precedence)
            implements Command {}

    /** The SDK gave up a listener. Unknown ones are ignored. */
    public record ListenerClosed(HostChannel connection, int connId) implements Command {}

    /** An SDK's channel is gone. */
    public record ConnectionClosed(HostChannel connection) implements Command {}

    /** Service sessions, by id or token, were removed by a controller. */
    public record SessionsRemoved(Set<String> idsOrTokens) implements Command {}

    /** The data model changed. */
    public record ModelChanged(RouterDataModel.Change change) implements Command {}

    /** A controller is connected (again). */
    public record ControllerConnected(ControllerId controller) implements Command {}

    /** A controller's answer to the creation of a terminator, where it does not come as a reply. */
    public record CreateAnswered(Message answer) implements Command {}

    private record Created(TerminatorCreations.Answer answer) implements Command {}

    private record Retry(String id) implements Command {}

    private record Inspected(String id, ListenerInspection.Verdict verdict) implements Command {}

    private record Inspect(String id) implements Command {}

    private static final int MAX_PER_CONNECTION = 5_000;
    private static final int MAX_REFUSALS = 3;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final StructuredError SESSION_REMOVED =
            StructuredError.of(EdgeErrorCode.INVALID_SESSION, RetryHint.START_OVER, "service session removed");
    private static final StructuredError ACCESS_LOST =
            StructuredError.of(EdgeErrorCode.ACCESS_DENIED, RetryHint.START_OVER, "bind access lost");
    private static final StructuredError TAKEN_OVER =
            StructuredError.of(EdgeErrorCode.INTERNAL, RetryHint.DEFAULT, "newer terminator found for listener id");

    private final ControllerClient controllers;
    private final RouterDataModel model;
    private final Clock clock;
    private final TerminatorTable table;
    private final TimerScheduler<Command> timers;
    private final ActorRef<TerminatorRemovals.Command> removals;
    private final Hostings hostings = new Hostings();
    private final TerminatorCreations creations;

    public static Behavior<Command> create(
            ControllerClient controllers, RouterDataModel model, Clock clock, TerminatorTable table) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new HostedServices(context, timers, controllers, model, clock, table)));
    }

    private HostedServices(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ControllerClient controllers,
            RouterDataModel model,
            Clock clock,
            TerminatorTable table) {
        super(context);
        this.timers = timers;
        this.controllers = controllers;
        this.model = model;
        this.clock = clock;
        this.table = table;
        this.creations = new TerminatorCreations(
                controllers, hostings, answer -> context.pipeToSelf(answer, (created, never) -> new Created(created)));
        this.removals = context.spawn(TerminatorRemovals.create(controllers), "terminator-removals");
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Bind.class, this::onBind)
                .onMessage(UpdateBind.class, this::onUpdateBind)
                .onMessage(ListenerClosed.class, this::onListenerClosed)
                .onMessage(ConnectionClosed.class, this::onConnectionClosed)
                .onMessage(SessionsRemoved.class, this::onSessionsRemoved)
                .onMessage(ModelChanged.class, this::onModelChanged)
                .onMessage(ControllerConnected.class, this::onControllerConnected)
                .onMessage(CreateAnswered.class, this::onCreateAnswered)
                .onMessage(Created.class, this::onCreated)
                .onMessage(Retry.class, this::onRetry)
                .onMessage(Inspect.class, this::onInspect)
                .onMessage(Inspected.class, this::onInspected)
                .build();
    }

    // ---- bind

    private Behavior<Command> onBind(Bind bind) {
        HostedTerminator wanted = bind.terminator();
        if (wanted.connection().channel().isClosed()) {
            return this;
        }
        Hosting before = hostings.sameListener(wanted);
        if (before == null && wanted.listenerId() == null) {
            hostings.ofSessions(Set.of(wanted.grant().session().value())).stream()
                    .filter(t -> t.listenerId() == null && t.instanceId().equals(wanted.instanceId()))
                    .forEach(old -> end(old, null, ""));
        }
        if (before != null) {
            HostedTerminator old = before.terminator;
            boolean sameChannel = old.connection() == wanted.connection();
            if (sameChannel
                    && old.connId() == wanted.connId()
                    && old.grant().session().equals(wanted.grant().session())) {
                answerBind(bind);
                return this;
            }
            if (sameChannel && Integer.compareUnsigned(old.connId(), wanted.connId()) > 0) {
                return this;
            }
            // The terminator stays and now leads to the newer listener.
            tell(old, Refusals.refused(old.connId(), TAKEN_OVER, "found a newer terminator for listener id", ""));
            timers.cancel(inspectKey(old.id()));
            answerBind(bind);
            host(wanted.withId(old.id()));
            return this;
        }
        if (hostings.count(wanted.connection()) >= MAX_PER_CONNECTION) {
            tell(
                    wanted,
                    Refusals.refused(
                            wanted.connId(),
                            "too many listeners on one channel (expected: at most " + MAX_PER_CONNECTION + ")"));
            return this;
        }
        answerBind(bind);
        host(wanted);
        return this;
    }

    private void answerBind(Bind bind) {
        HostedTerminator t = bind.terminator();
        t.connection().channel().reply(Lane.HIGH, bind.request(), TerminatorMessages.bound(t));
    }

    private void host(HostedTerminator terminator) {
        hostings.put(terminator);
        table.put(terminator);
        removals.tell(new TerminatorRemovals.Keep(terminator.id()));
        creations.add(terminator.id());
    }

    // ---- creation at a controller

    private Behavior<Command> onCreateAnswered(CreateAnswered answered) {
        CreateTerminatorV2Response response =
                TerminatorCreations.Answer.read("", answered.answer()).response();
        if (response != null) {
            Hosting hosting = hostings.get(response.getTerminatorId());
            if (hosting != null && hosting.asked) {
                judge(hosting, response);
            } else if (hosting != null && EdgeErrorCode.of(response.getErrorCode()) == EdgeErrorCode.ACCESS_DENIED) {
                // The controller took it away: this identity may not host here any more.
                endForAccess(hosting.terminator);
            }
        }
        return this;
    }

    private Behavior<Command> onCreated(Created created) {
        TerminatorCreations.Answer answer = created.answer();
        Hosting hosting = hostings.get(answer.id());
        if (hosting == null) {
            // Given up while it was being created: whatever came of it must go.
            removals.tell(new TerminatorRemovals.Remove(answer.id()));
        } else if (hosting.asked) {
            if (answer.response() != null) {
                judge(hosting, answer.response());
            } else {
                getContext().getLog().debug("terminator {} is not created yet: {}", answer.id(), answer.failure());
                retryLater(hosting);
            }
        }
        creations.answered();
        return this;
    }

    private void judge(Hosting hosting, CreateTerminatorV2Response response) {
        CreateTerminatorResult result = response.getResult();
        switch (result) {
            case SUCCESS -> established(hosting);
            case FAILED_BUSY -> retryLater(hosting);
            case FAILED_ID_CONFLICT -> {
                HostedTerminator again =
                        hosting.terminator.withId(UUID.randomUUID().toString());
                hostings.remove(hosting.terminator.id());
                table.remove(hosting.terminator.id());
                host(again);
            }
            default -> {
                RetryHint hint = RetryHint.of(response.getRetryHint());
                hosting.refusals++;
                if (hint == RetryHint.DEFAULT && hosting.refusals < MAX_REFUSALS) {
                    retryLater(hosting);
                    return;
                }
                String text = "received error from controller: " + response.getMsg();
                end(
                        hosting.terminator,
                        StructuredError.of(EdgeErrorCode.of(response.getErrorCode()), hint, text),
                        text);
                // It may have served for long: a router that was away learns only by this answer that the right to host
                // is gone.
                revokeServed(hosting.terminator, "bind access lost");
            }
        }
    }

    private void retryLater(Hosting hosting) {
        String id = hosting.terminator.id();
        timers.startSingleTimer("retry " + id, new Retry(id), RETRY_AFTER);
    }

    private Behavior<Command> onRetry(Retry retry) {
        Hosting hosting = hostings.get(retry.id());
        if (hosting != null) {
            hosting.asked = false;
            creations.add(retry.id());
        }
        return this;
    }

    private void established(Hosting hosting) {
        HostedTerminator t = hosting.terminator;
        hosting.refusals = 0;
        hosting.asked = false;
        boolean first = !hosting.established;
        hosting.established = true;
        if (first && t.wantsBindSuccess()) {
            tell(t, TerminatorMessages.bindSuccess(t));
        }
        if (first && t.supportsInspect()) {
            hosting.inspectingSince = clock.millis();
            inspect(hosting);
        }
    }

    private Behavior<Command> onControllerConnected(ControllerConnected connected) {
        hostings.all().forEach(hosting -> {
            if (hosting.established || !hosting.asked) {
                creations.add(hosting.terminator.id());
            }
        });
        removals.tell(TerminatorRemovals.Again.INSTANCE);
        return this;
    }

    // ---- is the listener really there?

    private void inspect(Hosting hosting) {
        HostedTerminator t = hosting.terminator;
        hosting.inspections++;
        getContext()
                .pipeToSelf(
                        ListenerInspection.ask(t),
                        (verdict, failure) ->
                                new Inspected(t.id(), failure == null ? verdict : ListenerInspection.Verdict.SILENT));
    }

    private Behavior<Command> onInspect(Inspect again) {
        Hosting hosting = hostings.get(again.id());
        if (hosting != null) {
            inspect(hosting);
        }
        return this;
    }

    private Behavior<Command> onInspected(Inspected inspected) {
        Hosting hosting = hostings.get(inspected.id());
        if (hosting == null || inspected.verdict() == ListenerInspection.Verdict.PRESENT) {
            return this;
        }
        boolean silent = inspected.verdict() == ListenerInspection.Verdict.SILENT;
        if (silent && !ListenerInspection.isTooLong(hosting.inspections, clock.millis() - hosting.inspectingSince)) {
            timers.startSingleTimer(
                    inspectKey(inspected.id()), new Inspect(inspected.id()), ListenerInspection.PAUSE_AFTER_SILENCE);
            return this;
        }
        getContext()
                .getLog()
                .info("{}: its SDK {}", hosting.terminator, silent ? "never answered" : "has no such listener");
        end(hosting.terminator, null, "");
        return this;
    }

    private static String inspectKey(String id) {
        return "inspect " + id;
    }

    // ---- updates and ends

    private Behavior<Command> onUpdateBind(UpdateBind update) {
        for (HostedTerminator t : hostings.of(update.connection(), update.connId())) {
            HostedTerminator updated = t.withRank(
                    update.cost().orElse(t.cost()), update.precedence().orElse(t.precedence()));
            Hosting hosting = hostings.get(t.id());
            if (hosting == null) {
                continue;
            }
            hosting.terminator = updated;
            table.put(updated);
            controllers
                    .request(
                            ControllerPreference.LEADER,
                            Lane.DEFAULT,
                            TerminatorMessages.update(
                                    updated,
                                    update.cost().isPresent(),
                                    update.precedence().isPresent()),
                            REQUEST_TIMEOUT)
                    .whenComplete((answer, failure) -> {
                        // Its create carries the same values and is repeated when the controller comes back.
                        if (failure != null) {
                            LoggerFactory.getLogger(HostedServices.class)
                                    .debug("{}: update not delivered: {}", updated, failure.getMessage());
                        }
                    });
        }
        return this;
    }

    private Behavior<Command> onListenerClosed(ListenerClosed closed) {
        hostings.of(closed.connection(), closed.connId()).forEach(t -> end(t, null, ""));
        return this;
    }

    private Behavior<Command> onConnectionClosed(ConnectionClosed closed) {
        hostings.of(closed.connection()).forEach(t -> end(t, null, ""));
        return this;
    }

    private Behavior<Command> onSessionsRemoved(SessionsRemoved removed) {
        hostings.ofSessions(removed.idsOrTokens()).forEach(this::endForSession);
        return this;
    }

    private Behavior<Command> onModelChanged(ModelChanged changed) {
        hostings.concerning(changed.change()).stream()
                .filter(t -> !t.grant().judge(model, t.owner()))
                .forEach(this::endForAccess);
        return this;
    }

    /** The service session of a legacy host ends with its right, and that is what it is told, whichever news comes first. */
    private void endForAccess(HostedTerminator t) {
        if (t.owner().kind() == EdgeSession.Kind.LEGACY) {
            endForSession(t);
        } else {
            end(t, ACCESS_LOST, "bind access lost");
            revokeServed(t, "bind access lost");
        }
    }

    private void endForSession(HostedTerminator t) {
        end(t, SESSION_REMOVED, "session ended");
        revokeServed(t, "session ended");
    }

    private static void revokeServed(HostedTerminator t, String text) {
        t.connection().revoke(grant -> grant == t.grant(), text);
    }

    /** @param why told to the listener; nothing when it knows */
    private void end(HostedTerminator t, @Nullable StructuredError why, String body) {
        hostings.remove(t.id());
        table.remove(t.id());
        timers.cancel(inspectKey(t.id()));
        timers.cancel("retry " + t.id());
        removals.tell(new TerminatorRemovals.Remove(t.id()));
        if (why != null) {
            tell(t, Refusals.refused(t.connId(), why, body, ""));
        }
    }

    private static void tell(HostedTerminator t, Message message) {
        t.connection().channel().send(Lane.HIGH, message);
    }
}
