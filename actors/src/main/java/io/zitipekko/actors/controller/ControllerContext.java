package io.zitipekko.actors.controller;

import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.session.SessionServices;
import java.time.Clock;

/**
 * A running controller as its APIs see it.
 *
 * @param settings what it was started with
 * @param model the replicated model
 * @param fabric the live fabric
 * @param sessions log-in, sessions and enrolment
 * @param events what happens
 * @param clock the time
 */
public record ControllerContext(
        ControllerSettings settings,
        Model model,
        FabricDirectory fabric,
        SessionServices sessions,
        EventBus events,
        Clock clock) {}
