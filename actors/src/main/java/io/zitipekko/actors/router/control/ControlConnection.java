package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.channel.Channel;
import io.zitipekko.transport.channel.ChannelDial;
import io.zitipekko.transport.channel.ChannelDialer;
import io.zitipekko.transport.channel.ChannelHandler;
import io.zitipekko.transport.channel.ChannelHeaders;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.Capabilities;
import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one control channel up: to the controller behind one address. Dials, hands what arrives to {@link ControlMessages}, and
 * dials again for ever when the channel is lost, when {@link ReconnectDelay} says; links, circuits and hosted terminators live on
 * meanwhile. Started by {@link Controllers}, which restarts it should it ever fail.
 *
 * <pre>
 *   Dialing --opened--> Connected --closed--> Dialing
 *      ^---------------failed---------------|
 * </pre>
 */
final class ControlConnection extends AbstractBehavior<ControlConnection.Command> {
    /** Messages of this actor. */
    sealed interface Command {}

    private record Dial() implements Command {}

    private record Opened(Channel channel) implements Command {}

    private record Failed(String why) implements Command {}

    private record Lost(String why) implements Command {}

    private final TimerScheduler<Command> timers;
    private final TransportAddress address;
    private final Supplier<ChannelDial> dial;
    private final ControllerConnections connections;
    private final ControlMessages messages;
    private final ReconnectDelay delay =
            new ReconnectDelay(() -> ThreadLocalRandom.current().nextDouble());
    private int failures;
    private @Nullable Channel channel;

    private ControlConnection(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            TransportAddress address,
            Supplier<ChannelDial> dial,
            ControllerConnections connections,
            ControlMessages messages) {
        super(context);
        this.timers = timers;
        this.address = address;
        this.dial = dial;
        this.connections = connections;
        this.messages = messages;
        context.getSelf().tell(new Dial());
    }

    /**
     * @param dial made anew at every dial, as listeners and certificates change
     * @param connections where the channel is made available
     * @param messages what is done with what arrives
     */
    static Behavior<Command> create(
            TransportAddress address,
            Supplier<ChannelDial> dial,
            ControllerConnections connections,
            ControlMessages messages) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ControlConnection(context, timers, address, dial, connections, messages)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Dial.class, m -> onDial())
                .onMessage(Opened.class, this::onOpened)
                .onMessage(Failed.class, this::onFailed)
                .onMessage(Lost.class, this::onLost)
                .onSignal(PostStop.class, s -> onStop())
                .build();
    }

    private Behavior<Command> onDial() {
        getContext()
                .pipeToSelf(
                        ChannelDialer.dial(getContext().getSystem(), dial.get(), Inbound::new),
                        (opened, failure) -> failure == null ? new Opened(opened) : new Failed(rootMessage(failure)));
        return this;
    }

    private Behavior<Command> onOpened(Opened m) {
        channel = m.channel();
        failures = 0;
        delay.opened(System.nanoTime());
        getContext().getLog().info("control channel to {} is up", address);
        return this;
    }

    private Behavior<Command> onFailed(Failed m) {
        failures++;
        // Said when it begins and then ever more rarely: a controller may be away for days.
        if (Integer.bitCount(failures) == 1) {
            getContext().getLog().warn("cannot connect to controller {} (try {}): {}", address, failures, m.why());
        }
        timers.startSingleTimer(new Dial(), delay.afterFailure(System.nanoTime()));
        return this;
    }

    private Behavior<Command> onLost(Lost m) {
        channel = null;
        getContext().getLog().warn("control channel to {} is lost: {}", address, m.why());
        timers.startSingleTimer(new Dial(), delay.afterLoss(System.nanoTime()));
        return this;
    }

    private Behavior<Command> onStop() {
        if (channel != null) {
            channel.close("this router no longer uses the controller at " + address);
        }
        return this;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** The channel's handler: runs on the channel's thread. */
    private final class Inbound implements ChannelHandler {
        private final Channel opened;
        private final ControllerId controller;
        private final ControlMessages.From from;

        Inbound(Channel opened) {
            this.opened = opened;
            Message result = opened.handshake();
            this.controller = new ControllerId(result.headers()
                    .string(ChannelHeaders.ID)
                    .orElseThrow(() -> new IllegalStateException(
                            "the controller at " + address + " does not say its id (header 8)")));
            if (result.headers().string(ChannelHeaders.HELLO_VERSION).isEmpty()) {
                throw new IllegalStateException(
                        "the controller at " + address + " does not say its version (header 4)");
            }
            BigInteger capabilities = Capabilities.announcedBy(result.headers());
            if (!capabilities.testBit(Capabilities.CONTROLLER_JWT_LEGACY_SESSIONS)) {
                throw new IllegalStateException(
                        "the controller at " + address
                                + " is too old: it does not issue JWT service sessions (capability 6); a 2.x controller is needed");
            }
            this.from = new ControlMessages.From(controller, opened);
            if (!connections.add(controller, opened, address)) {
                throw new IllegalStateException(
                        "controller " + controller + " is connected already, over another address than " + address);
            }
        }

        @Override
        public void onMessage(Message message) {
            messages.dispatch(from, message);
        }

        @Override
        public void onLatency(Duration roundTrip) {
            connections.measured(controller, roundTrip);
        }

        @Override
        public void onClosed(String reason) {
            connections.remove(controller, opened);
            getContext().getSelf().tell(new Lost(reason));
        }
    }
}
