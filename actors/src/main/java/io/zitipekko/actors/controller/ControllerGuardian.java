package io.zitipekko.actors.controller;

import io.zitipekko.actors.enrollment.EnrollmentSettings;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.fabric.Fabric;
import io.zitipekko.actors.fabric.control.ControlListenerProtocol;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.session.SessionServices;
import io.zitipekko.actors.session.SessionSettings;
import io.zitipekko.actors.session.token.SigningKey;
import io.zitipekko.actors.session.token.TrustedKeys;
import io.zitipekko.transport.tls.TlsServerProtocol;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The root of a controller node: waits for the model, then starts sessions and the fabric as its children. Its children deal with failures of their own
 * parts; if one of them cannot go on, this actor fails too, and with it the node: a controller that runs half is worse than none.
 */
public final class ControllerGuardian extends AbstractBehavior<ControllerGuardian.Command> {
    /** What this actor takes. */
    public sealed interface Command {}

    private record ModelReady(Model model) implements Command {}

    private record ModelFailed(Throwable failure) implements Command {}

    /**
     * A running controller.
     *
     * @param context for its APIs
     * @param control the control connection, to be bound by whoever owns the ports
     */
    public record Running(ControllerContext context, TlsServerProtocol control) {}

    private final ControllerSettings settings;
    private final Supplier<SigningKey> signingKey;
    private final Clock clock;
    private final CompletableFuture<Running> started;

    /**
     * @param startModel opens the model; completes when it is ready
     * @param signingKey of the certificate that serves {@code edge.api.address}
     * @param started completed when everything runs, or failed with the reason
     */
    public static Behavior<Command> create(
            ControllerSettings settings,
            Function<ActorSystem<?>, CompletionStage<? extends Model>> startModel,
            Supplier<SigningKey> signingKey,
            Clock clock,
            CompletableFuture<Running> started) {
        return Behaviors.setup(context -> {
            ControllerGuardian guardian = new ControllerGuardian(context, settings, signingKey, clock, started);
            context.pipeToSelf(
                    startModel.apply(context.getSystem()).thenApply(model -> (Model) model),
                    (model, failure) -> failure == null ? new ModelReady(model) : new ModelFailed(failure));
            return guardian;
        });
    }

    private ControllerGuardian(
            ActorContext<Command> context,
            ControllerSettings settings,
            Supplier<SigningKey> signingKey,
            Clock clock,
            CompletableFuture<Running> started) {
        super(context);
        this.settings = settings;
        this.signingKey = signingKey;
        this.clock = clock;
        this.started = started;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(ModelReady.class, this::start)
                .onMessage(ModelFailed.class, failed -> {
                    started.completeExceptionally(failed.failure());
                    return Behaviors.stopped();
                })
                .build();
    }

    private Behavior<Command> start(ModelReady ready) {
        try {
            Model model = ready.model();
            EventBus events = new EventBus();
            model.subscribe(new ModelAudit(events, clock));
            SessionServices sessions =
                    SessionServices.start(getContext().getSystem(), model, sessionSettings(), events, clock);
            Fabric fabric = Fabric.spawn(getContext(), settings, model, sessions, signingKey, events, clock);
            started.complete(new Running(
                    new ControllerContext(settings, model, fabric.directory(), sessions, events, clock),
                    ControlListenerProtocol.of(getContext().getSystem(), settings, fabric.acceptor())));
            return this;
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
            return Behaviors.stopped();
        }
    }

    private SessionSettings sessionSettings() {
        return new SessionSettings(
                settings.apiSessionTimeout(),
                settings.edgeApi().hostAndPort(),
                signingKey,
                TrustedKeys.only(signingKey),
                new NetworkAuthority(
                        settings.trustDomain(),
                        settings.trust().caBundle(),
                        settings.trust().signer()),
                new EnrollmentSettings(
                        settings.enrollment().identity(),
                        settings.enrollment().router(),
                        List.of(settings.control().advertise().toString())));
    }
}
