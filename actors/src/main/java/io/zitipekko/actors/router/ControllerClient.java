package io.zitipekko.actors.router;

import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The router's way to its controllers, whichever are connected at the moment (protocol/03 section 6.8). Every method may be called
 * from any thread and none blocks.
 */
public interface ControllerClient {
    /**
     * Sends a request and completes with the message that answers it, on the thread of the control channel: hand over before doing
     * more than a little. Fails with {@link NoControllerException} when nobody that {@code preference} names is connected, and with
     * whatever {@link io.zitipekko.transport.channel.Channel#request} fails with (time-out, close).
     */
    CompletionStage<Message> request(ControllerPreference preference, Lane lane, Message message, Duration timeout);

    /** Sends without an answer; {@code false} when nobody that {@code preference} names is connected, or its channel refused. */
    boolean send(ControllerPreference preference, Lane lane, Message message);

    /** Sends to every connected controller; how many took it. */
    int broadcast(Lane lane, Message message);

    /** The controllers connected now. */
    Set<ControllerId> connected();

    /** Tells {@code listener} of controllers that come and go. Close the registration to stop. */
    Registration onChange(Listener listener);

    /** What one wants to know about the comings and goings. Called on the control connection's thread: must not block. */
    interface Listener {
        /** The channel to this controller is up and bound. */
        void onConnected(ControllerId controller);

        /** The channel to this controller is lost. */
        default void onDisconnected(ControllerId controller) {}
    }
}
