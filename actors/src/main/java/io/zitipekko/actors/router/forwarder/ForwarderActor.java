package io.zitipekko.actors.router.forwarder;

import io.zitipekko.actors.router.RouterSettings;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps the forwarding tables tidy: ends circuits that were unrouted and have drained, and asks about idle ones. Started by the
 * router's guardian, restarted on failure; it holds no state of its own.
 */
public final class ForwarderActor extends AbstractBehavior<ForwarderActor.Command> {
    /** What it is told: only by its own timers. */
    public sealed interface Command {}

    private enum EndDrained implements Command {
        INSTANCE
    }

    private enum ReportIdle implements Command {
        INSTANCE
    }

    private final Forwarder forwarder;
    private final RouterSettings.Forwarding settings;

    public static Behavior<Command> create(Forwarder forwarder, RouterSettings.Forwarding settings) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ForwarderActor(context, timers, forwarder, settings)));
    }

    private ForwarderActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Forwarder forwarder,
            RouterSettings.Forwarding settings) {
        super(context);
        this.forwarder = forwarder;
        this.settings = settings;
        timers.startTimerWithFixedDelay(EndDrained.INSTANCE, settings.closeCheckInterval());
        timers.startTimerWithFixedDelay(ReportIdle.INSTANCE, settings.idleInterval());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(EndDrained.INSTANCE, () -> {
                    forwarder.removeDrained(settings.closeCheckInterval());
                    return this;
                })
                .onMessageEquals(ReportIdle.INSTANCE, () -> {
                    forwarder.reportIdle(settings.idleCircuitTimeout());
                    return this;
                })
                .build();
    }
}
