package io.zitipekko.sdk.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.sdk.Backoff;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiOptions;
import io.zitipekko.transport.identity.Identity;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one API session: logs in when it is needed, refreshes it at two thirds of its life, and logs in again, with back-off, when it
 * is no longer accepted. Thread-safe; nothing blocks.
 */
public final class SessionKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    private final ActorSystem system;
    private final ControllerClient client;
    private final Credentials credentials;
    private final List<String> configTypes;
    private final TrustAnchors anchors;
    private final Backoff backoff;
    private final Consumer<ApiSession> onNewSession;

    // Guarded by this: at most one log-in is under way.
    private @Nullable CompletableFuture<ApiSession> current;
    private @Nullable Cancellable timer;
    private boolean closed;

    /** @param onNewSession told of every log-in, before anybody uses it */
    public SessionKeeper(
            ActorSystem system,
            ControllerClient client,
            Credentials credentials,
            List<String> configTypes,
            TrustAnchors anchors,
            ZitiOptions options,
            Consumer<ApiSession> onNewSession) {
        this.system = system;
        this.client = client;
        this.credentials = credentials;
        this.configTypes = configTypes;
        this.anchors = anchors;
        this.backoff = new Backoff(options.retryMin(), options.retryMax());
        this.onNewSession = onNewSession;
    }

    /** The session in force, or the one that a log-in brings. A log-in that fails is tried again by the next call. */
    public CompletionStage<ApiSession> session() {
        CompletableFuture<ApiSession> fresh;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedStage(new ZitiException("the ziti context is closed"));
            }
            if (current != null && !current.isCompletedExceptionally()) {
                return current;
            }
            fresh = new CompletableFuture<>();
            current = fresh;
        }
        authenticate().whenComplete((session, failure) -> {
            if (failure != null) {
                fresh.completeExceptionally(ZitiException.unwrapped(failure));
            } else {
                backoff.reset();
                onNewSession.accept(session);
                fresh.complete(session);
                scheduleRefresh(session);
            }
        });
        return fresh;
    }

    /** The session was refused: the next who asks gets a new one. */
    public synchronized void invalidate(ApiSession refused) {
        ApiSession inForce = current == null ? null : current.getNow(null);
        if (inForce != null && inForce.token().equals(refused.token())) {
            current = null;
        }
    }

    /** Calls with the session's token; once more after a new log-in when the session is not accepted. */
    public CompletionStage<JsonNode> authenticated(Function<ApiSession, CompletionStage<JsonNode>> call) {
        return session().thenCompose(session -> call.apply(session)
                .handle((data, failure) -> {
                    if (failure != null && isUnauthorized(failure)) {
                        invalidate(session);
                        return session().thenCompose(call);
                    }
                    return failure == null
                            ? CompletableFuture.completedStage(data)
                            : CompletableFuture.<JsonNode>failedStage(ZitiException.unwrapped(failure));
                })
                .thenCompose(stage -> stage));
    }

    private static boolean isUnauthorized(Throwable failure) {
        return ZitiException.unwrapped(failure) instanceof ApiException api && api.isUnauthorized();
    }

    private CompletionStage<ApiSession> authenticate() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        configTypes.forEach(body.putArray("configTypes")::add);
        ObjectNode sdk = body.putObject("sdkInfo");
        sdk.put("type", "ziti-pekko-sdk").put("version", "0.1.0");
        ObjectNode environment = body.putObject("envInfo");
        environment.put("os", System.getProperty("os.name", ""));
        environment.put("osRelease", System.getProperty("os.version", ""));
        environment.put("arch", System.getProperty("os.arch", ""));
        if (credentials instanceof Credentials.Certificate certificate) {
            return client.post("/authenticate?method=cert", body, null)
                    .thenApply(data -> ApiSession.of(data, certificate.identity()));
        }
        Credentials.Password password = (Credentials.Password) credentials;
        body.put("username", password.username()).put("password", password.password());
        return client.post("/authenticate?method=password", body, null)
                .thenCompose(data -> sessionCertificate(data.path("token").asText(""))
                        .thenApply(identity -> ApiSession.of(data, identity)));
    }

    /** A certificate for the connections to routers of an identity that has none (protocol/05 section 5.6). */
    private CompletionStage<Identity> sessionCertificate(String token) {
        return CompletableFuture.supplyAsync(KeyPairs::p256, ForkJoinPool.commonPool())
                .thenCompose(keys -> {
                    Csr csr = Csr.create(CertificateSubject.commonName("api-session"), AlternativeNames.NONE, keys);
                    ObjectNode body = JsonNodeFactory.instance.objectNode().put("csr", csr.pem());
                    return client.post("/current-api-session/certificates", body, token)
                            .thenApply(data -> routerIdentity(keys, data));
                });
    }

    private Identity routerIdentity(KeyPair keys, JsonNode data) {
        List<X509Certificate> chain = Pem.certificates(data.path("certificate").asText(""));
        if (!chain.get(0).getPublicKey().equals(keys.getPublic())) {
            throw new ZitiException("the controller's session certificate is for another key than ours");
        }
        return Identity.of(chain, keys.getPrivate(), List.of(), anchors);
    }

    private void scheduleRefresh(ApiSession session) {
        long millis = session.lifetime().toMillis() * 2 / 3;
        if (credentials instanceof Credentials.Password) {
            X509Certificate leaf = session.routerIdentity().clientChain().get(0);
            Instant renewal = leaf.getNotAfter()
                    .toInstant()
                    .minus(Duration.between(
                                    leaf.getNotBefore().toInstant(),
                                    leaf.getNotAfter().toInstant())
                            .dividedBy(3));
            millis = Math.min(
                    millis,
                    Math.max(1000, Duration.between(Instant.now(), renewal).toMillis()));
        }
        schedule(Duration.ofMillis(millis), session);
    }

    private synchronized void schedule(Duration delay, ApiSession session) {
        if (timer != null) {
            timer.cancel();
        }
        if (!closed) {
            timer = system.scheduler().scheduleOnce(delay, () -> refresh(session), system.dispatcher());
        }
    }

    private void refresh(ApiSession session) {
        renewed(session).whenComplete((kept, failure) -> {
            if (failure == null) {
                backoff.reset();
                replace(session, kept);
                scheduleRefresh(kept);
            } else if (isUnauthorized(failure)) {
                LOG.info("API session {} is no longer accepted: logging in again", session.id());
                invalidate(session);
                session().exceptionally(refused -> {
                    LOG.warn(
                            "logging in again failed: {}",
                            ZitiException.unwrapped(refused).getMessage());
                    schedule(backoff.next(), session);
                    return null;
                });
            } else {
                LOG.warn(
                        "API session {} could not be refreshed: {}",
                        session.id(),
                        ZitiException.unwrapped(failure).getMessage());
                schedule(backoff.next(), session);
            }
        });
    }

    private CompletionStage<ApiSession> renewed(ApiSession session) {
        CompletionStage<JsonNode> touched = client.get("/current-api-session", session.token());
        if (credentials instanceof Credentials.Certificate
                || Instant.now()
                        .isBefore(twoThirdsOf(
                                session.routerIdentity().clientChain().get(0)))) {
            return touched.thenApply(data -> session);
        }
        return touched.thenCompose(data -> sessionCertificate(session.token())).thenApply(session::with);
    }

    private static Instant twoThirdsOf(X509Certificate leaf) {
        Instant from = leaf.getNotBefore().toInstant();
        return from.plus(Duration.between(from, leaf.getNotAfter().toInstant())
                        .multipliedBy(2)
                        .dividedBy(3))
                .minusSeconds(5);
    }

    private synchronized void replace(ApiSession old, ApiSession kept) {
        if (current != null && old.equals(current.getNow(null))) {
            current = CompletableFuture.completedFuture(kept);
        }
    }

    /** Ends the session at the controller and stops. Idempotent. */
    public CompletionStage<Void> close() {
        ApiSession last;
        synchronized (this) {
            closed = true;
            if (timer != null) {
                timer.cancel();
            }
            last = current == null || current.isCompletedExceptionally() ? null : current.getNow(null);
            current = null;
        }
        if (last == null) {
            return CompletableFuture.completedStage(null);
        }
        return client.delete("/current-api-session", last.token()).handle((data, failure) -> {
            if (failure != null) {
                LOG.debug("API session {} was not deleted: {}", last.id(), failure.getMessage());
            }
            return null;
        });
    }
}
