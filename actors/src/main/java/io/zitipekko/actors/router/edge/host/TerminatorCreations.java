package io.zitipekko.actors.router.edge.host;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.edge.host.Hostings.Hosting;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.CreateTerminatorV2Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The terminators that a controller is to create, in the order in which they were hosted, {@value #MAX_IN_FLIGHT} at a time (protocol/03
 * section 10). What comes of each is for {@link HostedServices}, whose own this is; not thread-safe.
 */
final class TerminatorCreations {
    /**
     * What a controller says to one.
     *
     * @param response absent when there is none that can be read
     * @param failure why there is none
     */
    record Answer(String id, @Nullable CreateTerminatorV2Response response, String failure) {
        static Answer read(String id, Message message) {
            if (message.contentType() != ControlContentType.CREATE_TERMINATOR_V2_RESPONSE) {
                return new Answer(id, null, "answered with type " + message.contentType());
            }
            try {
                return new Answer(
                        id, CreateTerminatorV2Response.parseFrom(message.body().toArrayUnsafe()), "");
            } catch (InvalidProtocolBufferException e) {
                return new Answer(id, null, "answer cannot be read: " + e.getMessage());
            }
        }
    }

    private static final int MAX_IN_FLIGHT = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ControllerClient controllers;
    private final Hostings hostings;
    private final Consumer<CompletionStage<Answer>> answers;
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private int inFlight;

    /** @param answers takes each, which never fails, and says {@link #answered} when it is there */
    TerminatorCreations(ControllerClient controllers, Hostings hostings, Consumer<CompletionStage<Answer>> answers) {
        this.controllers = controllers;
        this.hostings = hostings;
        this.answers = answers;
    }

    /** One more; without effect when it has been given up, or is being created, by the time that its turn comes. */
    void add(String id) {
        waiting.add(id);
        askSome();
    }

    /** The answer to one is there: the next one's turn. */
    void answered() {
        inFlight--;
        askSome();
    }

    private void askSome() {
        while (inFlight < MAX_IN_FLIGHT && !waiting.isEmpty()) {
            Hosting hosting = hostings.get(waiting.remove());
            if (hosting != null && !hosting.asked) {
                ask(hosting);
            }
        }
    }

    private void ask(Hosting hosting) {
        HostedTerminator t = hosting.terminator;
        hosting.asked = true;
        inFlight++;
        answers.accept(controllers
                .request(ControllerPreference.LEADER, Lane.DEFAULT, TerminatorMessages.create(t), TIMEOUT)
                .handle((answer, failure) -> failure == null
                        ? Answer.read(t.id(), answer)
                        : new Answer(t.id(), null, String.valueOf(failure.getMessage()))));
    }
}
