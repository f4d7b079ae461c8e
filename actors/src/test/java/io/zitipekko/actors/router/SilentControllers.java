package io.zitipekko.actors.router;

import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Controllers that take everything and answer nothing, until a test makes them do more. */
public class SilentControllers implements ControllerClient {
    @Override
    public CompletionStage<Message> request(
            ControllerPreference preference, Lane lane, Message message, Duration timeout) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("nothing is answered here"));
    }

    @Override
    public boolean send(ControllerPreference preference, Lane lane, Message message) {
        return true;
    }

    @Override
    public int broadcast(Lane lane, Message message) {
        return 1;
    }

    @Override
    public Set<ControllerId> connected() {
        return Set.of();
    }

    @Override
    public Registration onChange(Listener listener) {
        return () -> {};
    }
}
