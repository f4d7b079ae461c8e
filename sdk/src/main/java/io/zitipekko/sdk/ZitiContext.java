package io.zitipekko.sdk;

import io.zitipekko.sdk.auth.ApiSession;
import io.zitipekko.sdk.auth.ControllerClient;
import io.zitipekko.sdk.auth.Credentials;
import io.zitipekko.sdk.auth.EdgeRouterDetail;
import io.zitipekko.sdk.auth.ServiceCatalog;
import io.zitipekko.sdk.auth.ServiceDetail;
import io.zitipekko.sdk.auth.SessionKeeper;
import io.zitipekko.sdk.dial.DialOptions;
import io.zitipekko.sdk.dial.Dialer;
import io.zitipekko.sdk.dial.OutgoingConnection;
import io.zitipekko.sdk.edge.EdgeChannels;
import io.zitipekko.sdk.host.BindOptions;
import io.zitipekko.sdk.host.IncomingConnection;
import io.zitipekko.sdk.host.IncomingConnections;
import io.zitipekko.sdk.host.ServiceBinding;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.tls.SslContexts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * One identity's presence in a network: a log-in that is kept alive, and connections to edge routers that are opened when they are
 * needed. Thread-safe; nothing blocks. Close it when it is no longer needed.
 */
public final class ZitiContext {
    private final ActorSystem system;
    private final ZitiOptions options;
    private final EdgeChannels channels;
    private final SessionKeeper keeper;
    private final ServiceCatalog catalog;
    private final Dialer dialer;

    private ZitiContext(
            ActorSystem system,
            ZitiIdentityFile file,
            Credentials credentials,
            SSLContext tls,
            TrustAnchors anchors,
            ZitiOptions options) {
        this.system = system;
        this.options = options;
        this.channels = new EdgeChannels(system, options);
        ControllerClient client = new ControllerClient(file.controllers(), tls, options.httpTimeout());
        this.keeper = new SessionKeeper(
                system, client, credentials, file.configTypes(), anchors, options, this::onNewSession);
        this.catalog = new ServiceCatalog(client, keeper);
        this.dialer = new Dialer(keeper, catalog, channels);
    }

    private void onNewSession(ApiSession session) {
        catalog.forgetAll();
        channels.retireOthersThan(session);
    }

    /** Logs in with the identity's certificate. Fails when the controllers refuse it or cannot be reached. */
    public static CompletionStage<ZitiContext> connect(ClassicActorSystemProvider system, ZitiIdentityFile identity) {
        return connect(system, identity, ZitiOptions.DEFAULTS);
    }

    /** As {@link #connect(ClassicActorSystemProvider, ZitiIdentityFile)}, with other times. */
    public static CompletionStage<ZitiContext> connect(
            ClassicActorSystemProvider system, ZitiIdentityFile identity, ZitiOptions options) {
        Identity loaded = Identity.load(identity.identityConfig()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the identity has no certificate (expected: one, or a log-in by password)")));
        return new ZitiContext(
                        system.classicSystem(),
                        identity,
                        new Credentials.Certificate(loaded),
                        SslContexts.client(loaded),
                        loaded.anchors(),
                        options)
                .started();
    }

    /** Logs in with user name and password; of {@code identity} only controllers, config types and trust are used. */
    public static CompletionStage<ZitiContext> connect(
            ClassicActorSystemProvider system,
            ZitiIdentityFile identity,
            Credentials.Password password,
            ZitiOptions options) {
        TrustAnchors anchors = identity.ca() == null
                ? TrustAnchors.none()
                : TrustAnchors.of(Pem.certificates(
                        identity.ca().startsWith("pem:") ? identity.ca().substring(4) : identity.ca()));
        return new ZitiContext(
                        system.classicSystem(),
                        identity,
                        password,
                        SslContexts.anonymousClient(anchors),
                        anchors,
                        options)
                .started();
    }

    private CompletionStage<ZitiContext> started() {
        return keeper.session().handle((session, failure) -> {
            if (failure != null) {
                channels.close();
                keeper.close();
                Throwable cause = ZitiException.unwrapped(failure);
                throw new ZitiException("log-in failed: " + cause.getMessage(), cause);
            }
            return this;
        });
    }

    /** The API session in force. */
    public CompletionStage<ApiSession> apiSession() {
        return keeper.session();
    }

    /** All services that this identity may dial or bind. */
    public CompletionStage<List<ServiceDetail>> services() {
        return catalog.services();
    }

    /** One service by name; empty when there is none that this identity may use. */
    public CompletionStage<Optional<ServiceDetail>> service(String name) {
        return catalog.service(name);
    }

    /** The edge routers that this identity may use. */
    public CompletionStage<List<EdgeRouterDetail>> edgeRouters() {
        return catalog.edgeRouters();
    }

    /** Dials a service, see {@link #outgoingConnection(String, DialOptions)}. */
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(String service) {
        return outgoingConnection(service, DialOptions.DEFAULTS);
    }

    /**
     * A connection to a service for each materialization. Completing the input is the half-close, the output completes when the peer
     * has finished or closed; both ways are back-pressured. A service that requires encryption is never spoken to without.
     *
     * @return the materialized value completes when the host has accepted, and fails with {@link ZitiException} otherwise
     */
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(
            String service, DialOptions dialOptions) {
        return dialer.outgoingConnection(service, dialOptions);
    }

    /** Hosts a service, see {@link #bind(String, BindOptions)}. */
    public Source<IncomingConnection, CompletionStage<ServiceBinding>> bind(String service) {
        return bind(service, BindOptions.DEFAULTS);
    }

    /**
     * Hosts a service for as long as the materialized source runs.
     *
     * @return the materialized value completes when the service is bound to a first router, and fails when that cannot be done
     */
    public Source<IncomingConnection, CompletionStage<ServiceBinding>> bind(String service, BindOptions bindOptions) {
        return Source.fromGraph(
                new IncomingConnections(system, options, keeper, catalog, channels, service, bindOptions));
    }

    /** Closes all connections, once their peers have what was written or after two seconds, and logs out. Idempotent. */
    public CompletionStage<Done> close() {
        return channels.close().thenCompose(nothing -> keeper.close()).thenApply(nothing -> Done.getInstance());
    }
}
