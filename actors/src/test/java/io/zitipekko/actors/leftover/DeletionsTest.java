package io.zitipekko.actors.leftover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Samples;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.writer.InMemoryModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeletionsTest {
    private static final Duration RETRY = Duration.ofMillis(500);

    private sealed interface Command {}

    private record Look() implements Command {}

    private record Over(@Nullable Throwable failure) implements Command {}

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final FailingModel model = new FailingModel(InMemoryModel.create(), 0);
    /** Batches whose end the actor has seen. */
    private final AtomicInteger over = new AtomicInteger();

    private final ActorRef<Command> actor = kit.spawn(behavior());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Behavior<Command> behavior() {
        return Behaviors.setup(context -> {
            Deletions<Command> deletions = new Deletions<>(context, model, "what the test deletes");
            List<Change> batch = List.of(Samples.delete(Services.TYPE, "web"));
            return Behaviors.receive(Command.class)
                    .onMessage(Look.class, look -> {
                        if (!deletions.underWay()) {
                            deletions.propose(batch, Over::new);
                        }
                        return Behaviors.same();
                    })
                    .onMessage(Over.class, message -> {
                        deletions.over(message.failure(), new Look());
                        over.incrementAndGet();
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private void awaitAttempts(int expected) {
        await().untilAsserted(() -> assertThat(over).hasValue(expected));
    }

    @Test
    void withoutALeaderThereIsOneAttemptAtATimeHoweverOftenItIsLookedMeanwhile() {
        for (int i = 1; i <= 5; i++) {
            actor.tell(new Look());
            awaitAttempts(i);
        }

        for (int i = 1; i <= 3; i++) {
            time.timePasses(RETRY);
            awaitAttempts(5 + i);
        }
        assertThat(model.refused).as("none beside those that were seen").hasValue(8);
    }
}
