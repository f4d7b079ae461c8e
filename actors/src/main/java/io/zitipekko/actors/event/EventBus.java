package io.zitipekko.actors.event;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every event to every subscriber, on the publisher's thread and in its order. Costs next to nothing without subscribers. A subscriber must
 * not block: one that writes somewhere puts events in a bounded queue of its own. A subscriber that throws is logged and stays subscribed.
 */
public final class EventBus {
    private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);

    private final List<Consumer<? super Event>> subscribers = new CopyOnWriteArrayList<>();

    /** Tells all subscribers. Never throws. */
    public void publish(Event event) {
        Objects.requireNonNull(event, "event");
        for (Consumer<? super Event> subscriber : subscribers) {
            try {
                subscriber.accept(event);
            } catch (RuntimeException e) {
                LOG.warn("a subscriber of events failed on {}", event, e);
            }
        }
    }

    /** Calls {@code subscriber} for every later event. */
    public Subscription subscribe(Consumer<? super Event> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        // An object of its own per call, so that the same consumer may subscribe twice and end each alone.
        Consumer<? super Event> entry = event -> subscriber.accept(event);
        subscribers.add(entry);
        return () -> subscribers.remove(entry);
    }

    /** Calls {@code subscriber} for every later event of that kind. */
    public <E extends Event> Subscription subscribe(Class<E> kind, Consumer<? super E> subscriber) {
        Objects.requireNonNull(kind, "kind");
        return subscribe(event -> {
            if (kind.isInstance(event)) {
                subscriber.accept(kind.cast(event));
            }
        });
    }

    /** Ends a subscription when closed. Idempotent. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
