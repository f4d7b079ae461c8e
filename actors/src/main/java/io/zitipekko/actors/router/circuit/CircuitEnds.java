package io.zitipekko.actors.router.circuit;

import io.zitipekko.actors.router.forwarder.ForwardOutcome;
import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LocalEnd;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.CircuitId;
import io.zitipekko.transport.xgress.XgressAddress;
import io.zitipekko.transport.xgress.XgressOptions;
import io.zitipekko.transport.xgress.end.CircuitClosed;
import io.zitipekko.transport.xgress.end.CircuitEnd;
import io.zitipekko.transport.xgress.end.CircuitMemory;
import io.zitipekko.transport.xgress.end.CircuitTimer;
import java.util.Optional;

/**
 * Makes the ends of circuits at this router and ties each to the forwarder on one side and to what it serves on the other. An end that
 * closes leaves the forwarder by itself, which also reports it to the circuit's owner.
 */
public final class CircuitEnds {
    private final Forwarder forwarder;
    private final CircuitTimer timer;
    private final CircuitMemory memory;

    /** @param memory for what those who do not read leave here */
    public CircuitEnds(Forwarder forwarder, CircuitTimer timer, CircuitMemory memory) {
        this.forwarder = forwarder;
        this.timer = timer;
        this.memory = memory;
    }

    public Forwarder forwarder() {
        return forwarder;
    }

    /** What all circuits of this router store together. */
    public CircuitMemory memory() {
        return memory;
    }

    /** The router's precise timer. */
    public CircuitTimer timer() {
        return timer;
    }

    /**
     * The terminator's end, reachable at once; its route comes later.
     *
     * @param traceType how it answers a trace, e.g. {@code xgress/edge}
     * @throws io.zitipekko.actors.router.dial.RouteException when the address is taken
     */
    public CircuitEnd egress(
            CircuitId circuit, XgressAddress address, XgressOptions options, String traceType, LocalSide local) {
        Attachment attachment = new Attachment(circuit, CircuitEnd.Side.TERMINATOR, address, options, traceType, local);
        forwarder.attachEgress(address, attachment);
        return attachment.end;
    }

    /** The initiator's end of a circuit that is routed already; nothing when it was taken away meanwhile. */
    public Optional<CircuitEnd> ingress(
            CircuitId circuit, XgressAddress address, XgressOptions options, String traceType, LocalSide local) {
        Attachment attachment = new Attachment(circuit, CircuitEnd.Side.INITIATOR, address, options, traceType, local);
        return forwarder.attachIngress(circuit, address, attachment) ? Optional.of(attachment.end) : Optional.empty();
    }

    private final class Attachment implements LocalEnd {
        private final CircuitId circuit;
        private final CircuitEnd.Side side;
        private final XgressAddress address;
        private final LocalSide local;
        private final CircuitEnd end;

        Attachment(
                CircuitId circuit,
                CircuitEnd.Side side,
                XgressAddress address,
                XgressOptions options,
                String traceType,
                LocalSide local) {
            this.circuit = circuit;
            this.side = side;
            this.address = address;
            this.local = local;
            this.end = new CircuitEnd(
                    new CircuitEnd.Spec(circuit, side, options, traceType, memory), new ToFabric(), local, timer);
            local.attached(end);
        }

        @Override
        public boolean offer(Message message) {
            end.receive(message);
            return true;
        }

        @Override
        public void whenWritable(Runnable once) {
            once.run();
        }

        @Override
        public void unrouted() {
            end.unrouted("the controller took the circuit away");
        }

        /** What the end sends goes through the forwarding tables like anything else. */
        private final class ToFabric implements CircuitEnd.Fabric {
            /** How often room that came while we asked for it is tried at once; after that the end's own timer does. */
            private static final int TRIES = 3;

            @Override
            public boolean offer(Message message) {
                for (int i = 0; i < TRIES; i++) {
                    if (forwarder.forward(address, message) != ForwardOutcome.NO_ROOM) {
                        return true;
                    }
                    Wake wake = new Wake();
                    forwarder.whenWritable(address, message, wake);
                    if (wake.arm()) {
                        return false;
                    }
                }
                return false;
            }

            @Override
            public void onClosed(CircuitClosed how) {
                forwarder.detach(circuit, address, Attachment.this, side == CircuitEnd.Side.INITIATOR);
                local.onEnded(how);
            }
        }

        /** Room may come before the end has heard that there is none: then it is told at once instead of later. */
        private final class Wake implements Runnable {
            private boolean armed;
            private boolean fired;

            /** False when it has fired already. */
            synchronized boolean arm() {
                armed = true;
                return !fired;
            }

            @Override
            public void run() {
                boolean tell;
                synchronized (this) {
                    tell = armed && !fired;
                    fired = true;
                }
                if (tell) {
                    end.fabricWritable();
                }
            }
        }
    }
}
