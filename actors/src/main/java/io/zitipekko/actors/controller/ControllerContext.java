package io.zitipekko.actors.controller;

import io.zitipekko.actors.event.EventBus;
import io.zitipekko.actors.fabric.FabricDirectory;
import io.zitipekko.actors.model.Model;
import java.time.InstantSource;

/**
 * A running controller as its APIs see it.
 *
 * @param settings what it was started with
 * @param model the replicated model
 * @param fabric the live fabric
 * @param events what happens
 * @param clock the time
 */
public record ControllerContext(
        ControllerSettings settings, Model model, FabricDirectory fabric, EventBus events, InstantSource clock) {}
