package io.zitipekko.actors.log.artery;

import io.zitipekko.actors.log.ModelLogException;
import io.zitipekko.actors.log.PeerMessage;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Takes what other members ask of this member's log, and has it handled on an executor that may block (votes and snapshots do). Stateless;
 * lives as long as the log. A request that cannot be handled is answered with why.
 */
public final class RaftPeerActor {
    private RaftPeerActor() {}

    static Behavior<Command> create(Handler handler, Executor executor) {
        return Behaviors.receive(Command.class)
                .onMessage(Request.class, request -> {
                    handle(request, handler, executor);
                    return Behaviors.same();
                })
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    /** Messages of this actor. */
    public sealed interface Command {}

    /** Ends this actor. */
    enum Stop implements Command {
        INSTANCE
    }

    private static void handle(Request request, Handler handler, Executor executor) {
        try {
            executor.execute(() -> handler.handle(request.operation(), request.body())
                    .whenComplete((body, fault) -> request.replyTo()
                            .tell(
                                    fault == null
                                            ? new Answer(body, Optional.empty())
                                            : new Answer(new byte[0], Optional.of(ModelLogException.reason(fault))))));
        } catch (RejectedExecutionException e) {
            request.replyTo().tell(new Answer(new byte[0], Optional.of("this member is busy")));
        }
    }

    /** Handles one request; may block. */
    interface Handler {
        CompletionStage<byte[]> handle(RaftOperation operation, byte[] body);
    }

    /** One request of another member; the body is the log's own form. */
    public record Request(RaftOperation operation, byte[] body, ActorRef<Answer> replyTo)
            implements Command, PeerMessage {
        @Override
        public String toString() {
            return "Request[" + operation + ", " + body.length + " bytes]";
        }
    }

    /** The answer, or why there is none. */
    public record Answer(byte[] body, Optional<String> fault) implements PeerMessage {
        @Override
        public String toString() {
            return "Answer[" + body.length + " bytes"
                    + fault.map(text -> ", " + text).orElse("") + "]";
        }
    }
}
