package io.zitipekko.node;

import io.zitipekko.actors.controller.ControllerContext;
import io.zitipekko.actors.event.ConnectionRefusals;
import io.zitipekko.actors.event.output.EventOutput;
import io.zitipekko.actors.event.output.EventOutputSettings;
import io.zitipekko.actors.identity.NetworkAuthority;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.api.ControllerApi;
import io.zitipekko.api.client.ClientContext;
import io.zitipekko.api.client.SessionCallers;
import io.zitipekko.api.http.ApiContext;
import io.zitipekko.api.http.ApiSettings;
import io.zitipekko.api.http.HttpLimits;
import io.zitipekko.config.ControllerFile;
import io.zitipekko.transport.tls.ClientAuth;
import io.zitipekko.transport.tls.ListenerLimits;
import io.zitipekko.transport.tls.SharedTlsListener;
import io.zitipekko.transport.tls.TlsServerProtocol;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A controller that runs: model, sessions and fabric, and the listeners through which routers and HTTP clients reach them. */
public final class ControllerNode {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerNode.class);

    private final ControllerSystem controller;
    private final Map<String, SharedTlsListener> listeners;
    private final List<EventOutput> events;

    private ControllerNode(
            ControllerSystem controller, Map<String, SharedTlsListener> listeners, List<EventOutput> events) {
        this.controller = controller;
        this.listeners = listeners;
        this.events = events;
    }

    /** Completes when every listener accepts and every API answers in full. Fails with the one cause, and leaves nothing running. */
    public static CompletionStage<ControllerNode> start(ControllerFile file, Clock clock) {
        return start(file, clock, context -> CompletableFuture.completedFuture(null));
    }

    /**
     * The same for a store that is new: makes its first administrator before anything listens. {@link ControllerInit} and {@link #start} in
     * one, for whoever would otherwise start everything twice.
     */
    public static CompletionStage<ControllerNode> startNew(
            ControllerFile file, String user, String password, Clock clock) {
        ControllerInit.check(user, password, ControllerInit.DEFAULT_NAME);
        return start(
                file,
                clock,
                context -> ControllerInit.createAdministrator(context, user, password, ControllerInit.DEFAULT_NAME));
    }

    private static CompletionStage<ControllerNode> start(
            ControllerFile file, Clock clock, Function<ControllerContext, CompletionStage<Void>> beforeListening) {
        return ControllerSystem.start(file, clock)
                .thenCompose(controller -> start(file, controller, clock, beforeListening));
    }

    /** Nothing is let in before what happens is written down. */
    private static CompletionStage<ControllerNode> start(
            ControllerFile file,
            ControllerSystem controller,
            Clock clock,
            Function<ControllerContext, CompletionStage<Void>> beforeListening) {
        List<EventOutput> events = new ArrayList<>();
        return writing(file, controller, clock, events)
                .thenCompose(done -> beforeListening.apply(controller.running().context()))
                .thenCompose(done -> bind(file, controller))
                .handle((listeners, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(new ControllerNode(controller, listeners, events));
                    }
                    events.forEach(EventOutput::close);
                    return controller
                            .stop()
                            .toCompletableFuture()
                            .handle((d, f) -> d)
                            .thenCompose(d -> CompletableFuture.<ControllerNode>failedFuture(failure));
                })
                .thenCompose(stage -> stage);
    }

    private static CompletionStage<Void> writing(
            ControllerFile file, ControllerSystem controller, Clock clock, List<EventOutput> started) {
        for (EventOutputSettings settings : file.events()) {
            try {
                started.add(EventOutput.start(
                        settings,
                        file.settings().nodeId(),
                        controller.running().context().events(),
                        clock));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(
                        new NodeException("events." + settings.name() + " cannot be written: " + e, e));
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    public ControllerContext context() {
        return controller.running().context();
    }

    /** Whether anybody may administer this network yet. */
    public boolean hasAdministrator() {
        return context().model().view().all(Identities.TYPE).stream().anyMatch(i -> i.admin());
    }

    /** Closes the listeners and their connections, then the store. */
    public CompletionStage<Done> stop() {
        List<CompletableFuture<Done>> closing = listeners.values().stream()
                .map(l -> l.close().toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> done)
                .thenCompose(v -> controller.stop())
                .whenComplete((done, failure) -> events.forEach(EventOutput::close));
    }

    /** Listeners that name the same interface and port share a socket; ALPN tells them apart. */
    private static CompletionStage<Map<String, SharedTlsListener>> bind(
            ControllerFile file, ControllerSystem controller) {
        Map<String, List<TlsServerProtocol>> sockets = new LinkedHashMap<>();
        var control = file.settings().control();
        sockets.computeIfAbsent(key(control.bindHost(), control.bindPort()), k -> new ArrayList<>())
                .add(controller.running().control());
        for (ControllerFile.WebServer web : file.web()) {
            TlsServerProtocol http = http(file, web, controller);
            web.bindPoints()
                    .forEach(p -> sockets.computeIfAbsent(key(p.bindHost(), p.bindPort()), k -> new ArrayList<>())
                            .add(http));
        }
        Map<String, SharedTlsListener> bound = new LinkedHashMap<>();
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (Map.Entry<String, List<TlsServerProtocol>> socket : sockets.entrySet()) {
            int colon = socket.getKey().lastIndexOf(':');
            String host = socket.getKey().substring(0, colon);
            int port = Integer.parseInt(socket.getKey().substring(colon + 1));
            all = all.thenCompose(v -> SharedTlsListener.bind(
                            controller.system(),
                            host,
                            port,
                            socket.getValue(),
                            ListenerLimits.DEFAULT,
                            ConnectionRefusals.at(
                                    socket.getKey(),
                                    controller.running().context().events(),
                                    controller.running().context().clock()))
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new NodeException(
                            "cannot listen at " + socket.getKey() + ": " + NodeException.rootMessage(failure)
                                    + " (is another process using the port?)",
                            failure)))
                    .thenAccept(listener -> bound.put(socket.getKey(), listener)));
        }
        return all.thenApply(v -> bound);
    }

    private static String key(String host, int port) {
        return host + ":" + port;
    }

    private static TlsServerProtocol http(
            ControllerFile file, ControllerFile.WebServer web, ControllerSystem controller) {
        ControllerContext c = controller.running().context();
        var settings = file.settings();
        List<String> addresses = new ArrayList<>();
        addresses.add(settings.edgeApi().hostAndPort());
        web.bindPoints().stream()
                .map(ControllerFile.BindPoint::address)
                .filter(a -> !addresses.contains(a))
                .forEach(addresses::add);
        ApiContext api = new ApiContext(
                controller.system(),
                new ApiSettings(
                        settings.version().version(),
                        settings.version().revision(),
                        settings.version().buildDate(),
                        settings.edgeApi().hostAndPort(),
                        addresses,
                        List.of(),
                        UUID.randomUUID().toString(),
                        new HttpLimits(
                                HttpLimits.DEFAULT.bodyBytes(),
                                web.timeouts().read(),
                                web.timeouts().read().multipliedBy(2),
                                web.timeouts().idle(),
                                HttpLimits.DEFAULT.handlerTimeout())),
                c.model(),
                new SessionCallers(c.sessions().apiSessions()),
                c.events(),
                c.clock());
        ClientContext client = new ClientContext(
                api,
                c.sessions(),
                c.fabric(),
                new NetworkAuthority(
                        settings.trustDomain(),
                        settings.trust().caBundle(),
                        settings.trust().signer()));
        LOG.debug("web server {} offers {}", web.name(), web.bindings());
        return new TlsServerProtocol(
                Set.of(TlsServerProtocol.NO_ALPN, "http/1.1"),
                web.identity(),
                ClientAuth.REQUEST,
                TlsServerProtocol::admitEveryone,
                ControllerApi.handler(client, settings.nodeId(), web.bindings()));
    }
}
