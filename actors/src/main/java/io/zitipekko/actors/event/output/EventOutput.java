package io.zitipekko.actors.event.output;

import io.zitipekko.actors.event.Event;
import io.zitipekko.actors.event.EventBus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events that one entry of the configuration asks for, as JSON lines in the order of their occurrence. Publishers only put an
 * event into a bounded queue; a thread of this output's own takes it out, makes the JSON and writes. What does not fit, or cannot be
 * written, is dropped and counted: the count goes to the log, and as a line of the namespace {@code events.dropped} to where the lines go.
 */
public final class EventOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventOutput.class);
    private static final int QUEUED = 16 * 1024;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final EventOutputSettings settings;
    private final EventJson json;
    private final EventLines lines;
    private final InstantSource clock;
    private final BlockingQueue<Event> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final EventBus.Subscription subscription;
    private final Thread writer;
    private volatile boolean closing;
    /** Whether the last line could not be written: said once, until one can. */
    private boolean failing;

    /**
     * Begins to listen and to write.
     *
     * @param nodeId who writes
     * @throws IOException when the file cannot be opened
     */
    public static EventOutput start(EventOutputSettings settings, String nodeId, EventBus events, InstantSource clock)
            throws IOException {
        EventLines lines = settings.target() instanceof EventOutputSettings.LogFile file
                ? new RotatingFile(file, clock)
                : new StreamLines(System.out);
        return new EventOutput(settings, nodeId, events, clock, lines, QUEUED);
    }

    EventOutput(
            EventOutputSettings settings,
            String nodeId,
            EventBus events,
            InstantSource clock,
            EventLines lines,
            int queued) {
        this.settings = settings;
        this.json = new EventJson(nodeId);
        this.lines = lines;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(queued);
        this.writer = new Thread(this::write, "events-" + settings.name());
        writer.setDaemon(true);
        writer.start();
        this.subscription = events.subscribe(this::offer);
    }

    private void offer(Event event) {
        if (settings.subscriptions().stream().anyMatch(s -> s.wants(event)) && !queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    /** How many events were dropped and not told yet. */
    long dropped() {
        return dropped.get();
    }

    private void write() {
        try {
            while (!closing || !queue.isEmpty()) {
                Event event = queue.poll(100, TimeUnit.MILLISECONDS);
                if (event != null) {
                    write(event);
                }
                if (dropped.get() > 0) {
                    tellDropped();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Event event) {
        for (EventSubscription subscription : settings.subscriptions()) {
            if (subscription.wants(event)) {
                if (!line(event, subscription)) {
                    dropped.incrementAndGet();
                }
            }
        }
    }

    private boolean line(Event event, EventSubscription wanted) {
        try {
            lines.write(json.line(event, wanted.writtenAs()));
            failing = false;
            return true;
        } catch (IOException | RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void tellDropped() {
        long count = dropped.get();
        try {
            lines.write(json.dropped(count, clock.instant()));
            dropped.addAndGet(-count);
            failing = false;
            LOG.warn(
                    "events.{}: {} events were dropped, they came faster than they can be written",
                    settings.name(),
                    count);
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception cause) {
        if (!failing) {
            failing = true;
            LOG.error(
                    "events.{} cannot be written, events are dropped until they can: {}",
                    settings.name(),
                    cause.toString());
        }
    }

    /** Stops listening, writes what is queued, and closes. Idempotent. */
    @Override
    public void close() {
        subscription.close();
        closing = true;
        try {
            writer.join(LONGEST_CLOSE.toMillis());
            lines.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Standard output, which is not ours to close. */
    private static final class StreamLines implements EventLines {
        private final PrintStream out;

        StreamLines(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(byte[] line) throws IOException {
            OutputStream bytes = out;
            synchronized (out) {
                bytes.write(line);
                bytes.write('\n');
            }
            if (out.checkError()) {
                throw new IOException("standard output takes nothing any more");
            }
        }

        @Override
        public void close() {
            out.flush();
        }
    }
}
