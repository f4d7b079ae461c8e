package io.zitipekko.actors.router.dial;

import com.google.protobuf.InvalidProtocolBufferException;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.RouterTerminatorState;
import io.zitipekko.transport.control.proto.Terminator;
import io.zitipekko.transport.control.proto.TerminatorInvalidReason;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Request;
import io.zitipekko.transport.control.proto.ValidateTerminatorsV2Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a controller that asks which of its terminators at this router are good (1041 with 1042, protocol/03 section 10). */
public final class TerminatorValidation {
    private static final Logger LOG = LoggerFactory.getLogger(TerminatorValidation.class);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Map<String, EgressDialer> dialers = new HashMap<>();

    public TerminatorValidation(List<EgressDialer> dialers) {
        dialers.forEach(dialer -> this.dialers.put(dialer.binding(), dialer));
    }

    /** The answer, after at most 30 s; what is undecided by then is left out of it. Nothing when the request cannot be read. */
    public CompletionStage<Optional<Message>> answer(Message request) {
        ValidateTerminatorsV2Request wanted;
        try {
            wanted = ValidateTerminatorsV2Request.parseFrom(request.body().toArrayUnsafe());
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("terminator validation request cannot be read: {}", e.getMessage());
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Map<String, RouterTerminatorState> states = new ConcurrentHashMap<>();
        CompletableFuture<?>[] checks = wanted.getTerminatorsList().stream()
                .map(terminator -> check(terminator)
                        .toCompletableFuture()
                        .completeOnTimeout(new TerminatorState.Undecided(), LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(failure -> new TerminatorState.Undecided())
                        .thenAccept(state -> toWire(state, terminator.getMarker())
                                .ifPresent(wire -> states.put(terminator.getId(), wire))))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(checks)
                .thenApply(done -> Optional.of(Message.of(
                        ControlContentType.VALIDATE_TERMINATORS_V2_RESPONSE,
                        Headers.EMPTY,
                        ValidateTerminatorsV2Response.newBuilder()
                                .putAllStates(states)
                                .build()
                                .toByteArray())));
    }

    private CompletionStage<TerminatorState> check(Terminator terminator) {
        EgressDialer dialer = dialers.get(terminator.getBinding());
        return dialer == null
                ? CompletableFuture.completedFuture(new TerminatorState.Invalid(
                        TerminatorState.Reason.UNKNOWN_BINDING, "binding '" + terminator.getBinding() + "'"))
                : dialer.validate(terminator.getId(), terminator.getAddress());
    }

    private static Optional<RouterTerminatorState> toWire(TerminatorState state, long marker) {
        RouterTerminatorState.Builder wire = RouterTerminatorState.newBuilder().setMarker(marker);
        if (state instanceof TerminatorState.Valid valid) {
            return Optional.of(wire.setValid(true).setDetail(valid.detail()).build());
        }
        if (state instanceof TerminatorState.Invalid invalid) {
            return Optional.of(wire.setReason(
                            TerminatorInvalidReason.forNumber(invalid.reason().ordinal()))
                    .setDetail(invalid.detail())
                    .build());
        }
        return Optional.empty();
    }
}
