package io.zitipekko.actors.router.edge;

import io.zitipekko.actors.router.forwarder.Forwarder;
import io.zitipekko.actors.router.forwarder.LinkIntake;
import io.zitipekko.actors.router.forwarder.LinkPort;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.xgress.XgressAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** One end of a link between two routers in one JVM: what it is offered arrives at the other router's forwarder. */
final class MemoryLink implements LinkPort {
    private static final int MOST_BYTES = 4 << 20;

    private final XgressAddress address;
    private final Executor executor;
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private LinkIntake farSide;
    private MemoryLink other;
    private int bytes;
    private final AtomicInteger pauses = new AtomicInteger();
    private boolean delivering;

    private MemoryLink(String id, Executor executor) {
        this.address = new XgressAddress(id);
        this.executor = executor;
    }

    static void join(String id, Forwarder a, Forwarder b, Executor executor) {
        MemoryLink ofA = new MemoryLink(id, executor);
        MemoryLink ofB = new MemoryLink(id, executor);
        ofA.other = ofB;
        ofB.other = ofA;
        ofB.farSide = a.addLink(ofA);
        ofA.farSide = b.addLink(ofB);
    }

    @Override
    public XgressAddress address() {
        return address;
    }

    @Override
    public boolean offer(Message message) {
        synchronized (this) {
            if (bytes >= MOST_BYTES) {
                return false;
            }
            queue.add(message);
            bytes += message.body().size();
        }
        deliverSome();
        return true;
    }

    private void deliverSome() {
        synchronized (this) {
            if (delivering) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliver);
    }

    private void deliver() {
        while (true) {
            Message next;
            List<Runnable> wake = List.of();
            synchronized (this) {
                if (queue.isEmpty() || other.isPaused()) {
                    delivering = false;
                    return;
                }
                next = queue.remove();
                bytes -= next.body().size();
                if (bytes < MOST_BYTES / 2) {
                    wake = List.copyOf(waiting);
                    waiting.clear();
                }
            }
            wake.forEach(Runnable::run);
            farSide.receive(next);
        }
    }

    @Override
    public void whenWritable(Runnable once) {
        synchronized (this) {
            if (bytes >= MOST_BYTES / 2) {
                waiting.add(once);
                return;
            }
        }
        once.run();
    }

    private boolean isPaused() {
        return pauses.get() > 0;
    }

    @Override
    public void pauseReading() {
        pauses.incrementAndGet();
    }

    @Override
    public void resumeReading() {
        pauses.decrementAndGet();
        other.deliverSome();
    }
}
