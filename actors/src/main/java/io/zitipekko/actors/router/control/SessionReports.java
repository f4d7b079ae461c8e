package io.zitipekko.actors.router.control;

import io.zitipekko.actors.router.ControllerClient;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.ControllerPreference;
import io.zitipekko.actors.router.RouterSettings.SessionValidation;
import io.zitipekko.actors.router.edge.SessionEvents;
import io.zitipekko.actors.router.forwarder.Scheduler;
import io.zitipekko.transport.channel.Lane;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.proto.edge.ApiSessionHeartbeat;
import io.zitipekko.transport.control.proto.edge.SessionRemoved;
import io.zitipekko.transport.control.proto.edge.ValidateSessionsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What this router and its controllers tell each other about sessions in use here: live API sessions (20203), service sessions that
 * are asked about after a reconnect (20213), service sessions that are gone (20102).
 */
public final class SessionReports {
    private static final int MAX_TOKENS = 10_000;

    private final ControllerClient controllers;
    private final SessionEvents sessions;
    private final SessionValidation validation;
    private final Scheduler scheduler;

    public SessionReports(
            ControllerClient controllers, SessionEvents sessions, SessionValidation validation, Scheduler scheduler) {
        this.controllers = controllers;
        this.sessions = sessions;
        this.validation = validation;
        this.scheduler = scheduler;
    }

    /** Adds the entry for 20102 and starts to follow controllers that come back. */
    public void connect(ControlMessages messages) {
        messages.on(
                ControlContentType.SESSION_REMOVED,
                SessionRemoved.parser(),
                (from, m, body) -> sessions.onServiceSessionsRemoved(body.getTokensList(), body.getIdsList()));
        controllers.onChange(this::validate);
    }

    /** Tells every controller which API sessions have a channel here. Called every heartbeat interval. */
    public void reportLive() {
        heartbeats().forEach(heartbeat -> controllers.broadcast(Lane.DEFAULT, heartbeat));
    }

    private List<Message> heartbeats() {
        return chunks(new ArrayList<>(sessions.liveApiSessionTokens()), MAX_TOKENS).stream()
                .map(chunk -> ControlMessages.of(
                        ControlContentType.API_SESSION_HEARTBEAT,
                        ApiSessionHeartbeat.newBuilder().addAllTokens(chunk).build()))
                .toList();
    }

    /** Asks at once what became of everything in use here while the controller was away. */
    private void validate(ControllerId controller) {
        heartbeats()
                .forEach(heartbeat -> controllers.send(ControllerPreference.only(controller), Lane.DEFAULT, heartbeat));
        Duration at = Duration.ZERO;
        for (List<String> chunk :
                chunks(new ArrayList<>(sessions.liveServiceSessionTokens()), validation.chunkSize())) {
            ask(controller, chunk, at);
            long spread = Math.max(
                    1, validation.maxPause().minus(validation.minPause()).toMillis());
            at = at.plus(validation.minPause())
                    .plusMillis(ThreadLocalRandom.current().nextLong(spread));
        }
    }

    private void ask(ControllerId controller, List<String> tokens, Duration delay) {
        Runnable send = () -> controllers.send(
                ControllerPreference.only(controller),
                Lane.DEFAULT,
                ControlMessages.of(
                        ControlContentType.VALIDATE_SESSIONS,
                        ValidateSessionsRequest.newBuilder()
                                .addAllSessionTokens(tokens)
                                .build()));
        if (delay.isZero()) {
            send.run();
        } else {
            scheduler.schedule(delay, send);
        }
    }

    private static List<List<String>> chunks(List<String> all, int size) {
        List<List<String>> out = new ArrayList<>();
        for (int i = 0; i < all.size(); i += size) {
            out.add(all.subList(i, Math.min(all.size(), i + size)));
        }
        return out;
    }
}
