package io.zitipekko.actors.router.link;

import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.control.ControlMessages;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Results;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.VerifyRouter;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Whether a certificate is the one that a router was enrolled with. What the controllers pushed with the data model answers at once,
 * also while no controller can be reached; a router that is not in it, or whose certificate differs (it may have been renewed a
 * moment ago), is asked of a controller (protocol/03 section 9.4). Only the leaf is ever sent.
 */
public final class RouterVerifier {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A router as the data model has it. */
    public record Known(Fingerprint fingerprint, boolean disabled) {}

    private final Function<RouterId, Optional<Known>> pushed;
    private final ControllerClient controllers;

    public RouterVerifier(Function<RouterId, Optional<Known>> pushed, ControllerClient controllers) {
        this.pushed = pushed;
        this.controllers = controllers;
    }

    /** Completes empty when it is so, else with the reason why not. Fails when nobody could say. */
    public CompletionStage<Optional<String>> verify(RouterId router, Fingerprint leaf) {
        Optional<Known> known = pushed.apply(router);
        if (known.isPresent()) {
            if (known.get().disabled()) {
                return CompletableFuture.completedFuture(Optional.of("router " + router + " is disabled"));
            }
            if (known.get().fingerprint().equals(leaf)) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
        }
        return controllers
                .request(
                        ControllerPreference.MOST_RESPONSIVE,
                        Lane.DEFAULT,
                        ControlMessages.of(
                                ControlContentType.VERIFY_ROUTER,
                                VerifyRouter.newBuilder()
                                        .setRouterId(router.value())
                                        .addFingerprints(leaf.hex())
                                        .build()),
                        TIMEOUT)
                .thenApply(answer -> Results.isSuccess(answer)
                        ? Optional.empty()
                        : Optional.of("the controller says: " + answer.bodyText()));
    }
}
