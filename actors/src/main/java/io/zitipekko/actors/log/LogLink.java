package io.zitipekko.actors.log;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the writer and the log, which need each other from their first moment: what the writer appends goes to the log once it stands,
 * and what the log tells goes to the writer.
 */
final class LogLink implements ModelLog, ModelLog.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(LogLink.class);

    private final CompletableFuture<ModelLogException> failure = new CompletableFuture<>();
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile @Nullable ModelLog log;
    private volatile @Nullable ActorRef<ModelWriterActor.Command> writer;
    /** Told before the writer was there. */
    private boolean leadingEarly;

    synchronized void writer(ActorRef<ModelWriterActor.Command> actor) {
        writer = actor;
    }

    synchronized void log(ModelLog started) {
        log = started;
        if (leadingEarly) {
            tell(new ModelWriterActor.Leading());
        }
    }

    CompletionStage<ModelLogException> failure() {
        return failure;
    }

    @Override
    public CompletionStage<Outcome> append(byte[] entry) {
        ModelLog started = log;
        return started == null
                ? CompletableFuture.failedFuture(new ModelLogException("model log is not running"))
                : started.append(entry);
    }

    @Override
    public Optional<String> leader() {
        ModelLog started = log;
        return started == null ? Optional.empty() : started.leader();
    }

    @Override
    public CompletionStage<Boolean> caughtUp() {
        ModelLog started = log;
        return started == null ? CompletableFuture.completedFuture(false) : started.caughtUp();
    }

    @Override
    public void close() {
        ModelLog started = log;
        if (started != null) {
            started.close();
        }
    }

    /** Ratis may elect this member before its start has returned. */
    @Override
    public synchronized void leading() {
        leadingEarly = log == null;
        if (!leadingEarly) {
            tell(new ModelWriterActor.Leading());
        }
    }

    @Override
    public synchronized void notLeading() {
        leadingEarly = false;
        tell(new ModelWriterActor.Following());
    }

    @Override
    public void failed(ModelLogException reason) {
        // The first one is the cause; what follows from it would only bury it.
        if (reported.compareAndSet(false, true)) {
            LOG.error("{}", reason.getMessage());
            tell(new ModelWriterActor.Broken(reason));
            failure.complete(reason);
        }
    }

    private void tell(ModelWriterActor.Command message) {
        ActorRef<ModelWriterActor.Command> actor = writer;
        if (actor != null) {
            actor.tell(message);
        }
    }
}
