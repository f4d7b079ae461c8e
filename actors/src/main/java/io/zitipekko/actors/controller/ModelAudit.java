package io.zitipekko.actors.controller;

import io.zitipekko.actors.event.EntityChangeEvent;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Entity;
import io.zitipekko.actors.model.Model;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Publishes every change of the model as an event: what, by whom, before and after. */
final class ModelAudit implements Consumer<Model.Commit> {
    private final EventBus events;
    private final InstantSource clock;

    ModelAudit(EventBus events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void accept(Model.Commit commit) {
        for (Change change : commit.changeSet().changes()) {
            Optional<? extends Entity> before = commit.before().get(change.type(), change.id());
            Optional<? extends Entity> after = commit.after().get(change.type(), change.id());
            String what = before.isEmpty() ? "created" : after.isEmpty() ? "deleted" : "updated";
            events.publish(new EntityChangeEvent(
                    clock.instant(),
                    what,
                    change.type().name(),
                    change.id().value(),
                    commit.after().index(),
                    commit.changeSet().author(),
                    before.orElse(null),
                    after.orElse(null)));
        }
    }
}
