package io.zitipekko.actors.log;

import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Watches the actors without which a node's model cannot go on. Should one of them end by itself, that is the end of the model, said once
 * and aloud: a model that quietly takes no proposal is worse than none.
 */
final class ModelGuard {
    private ModelGuard() {}

    /** From then on the watched may end. */
    enum Stop {
        INSTANCE
    }

    static Behavior<Stop> create(List<ActorRef<?>> watched, Consumer<ModelLogException> failed) {
        return Behaviors.setup(context -> {
            watched.forEach(context::watch);
            return Behaviors.receive(Stop.class)
                    .onMessage(Stop.class, stop -> Behaviors.stopped())
                    .onSignal(Terminated.class, terminated -> {
                        failed.accept(
                                new ModelLogException(
                                        "actor '" + terminated.getRef().path().name()
                                                + "' of the model failed, see the line before this one: start this controller again"));
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
