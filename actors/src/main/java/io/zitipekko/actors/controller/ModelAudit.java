package io.zitipekko.actors.controller;

import io.zitipekko.actors.event.ApiSessionEvent;
import io.zitipekko.actors.event.EntityChangeEvent;
import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.event.SessionEvent;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.ApiSessionCertificate;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Session;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
        boolean configured = false;
        for (Change change : commit.changeSet().changes()) {
            Optional<? extends Entity> before = commit.before().get(change.type(), change.id());
            Optional<? extends Entity> after = commit.after().get(change.type(), change.id());
            String what = before.isEmpty() ? "created" : after.isEmpty() ? "deleted" : "updated";
            if (session(before.orElse(null), after.orElse(null), what)) {
                continue;
            }
            configured = true;
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
        if (configured) {
            events.publish(new EntityChangeEvent(
                    clock.instant(),
                    "committed",
                    "",
                    "",
                    commit.after().index(),
                    commit.changeSet().author(),
                    null,
                    null));
        }
    }

    /** Sessions come and go by use, not by configuration: they have events of their own. */
    private boolean session(@Nullable Entity before, @Nullable Entity after, String what) {
        Entity entity = after == null ? before : after;
        if (entity instanceof ApiSession apiSession) {
            if (!what.equals("updated")) {
                events.publish(new ApiSessionEvent(clock.instant(), what, apiSession));
            }
            return true;
        }
        if (entity instanceof Session session) {
            events.publish(new SessionEvent(clock.instant(), what, session));
            return true;
        }
        return entity instanceof ApiSessionCertificate;
    }
}
