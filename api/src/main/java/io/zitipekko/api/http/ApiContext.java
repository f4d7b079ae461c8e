package io.zitipekko.api.http;

import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.model.Model;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What every API of a controller needs. What only one of them needs is given to that one.
 *
 * @param callers finds out who makes a request
 * @param events where refused calls are told
 */
public record ApiContext(
        ActorSystem<?> system,
        ApiSettings settings,
        Model model,
        CallerResolver callers,
        EventBus events,
        InstantSource clock) {}
