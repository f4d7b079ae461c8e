package io.zitipekko.actors.router.edge.session;

import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.Registration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The legacy API sessions that controllers have announced (protocol/03 section 11): written by the control connections, read by the
 * edge. Sessions are found by the digest of their token, so that looking one up tells nothing about the others by its duration.
 *
 * <p>Thread-safe; listeners and waiters are called outside its lock, on the writing thread.
 */
public final class ApiSessionTable {
    private final Map<String, Known> byToken = new HashMap<>();
    private final Map<ApiSessionId, String> tokens = new HashMap<>();
    private final Map<String, Set<Waiter>> waiters = new HashMap<>();
    /** How often each controller has come: what it announced before it went is older than the list that it sends now. */
    private final Map<ControllerId, Integer> visits = new HashMap<>();

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** @param visit of its controller, during which it was announced last */
    private record Known(LegacyApiSession session, int visit) {}

    /** A controller is connected (again): its next complete list says of all that it announced before whether they still are. */
    public synchronized void reconnected(ControllerId controller) {
        visits.merge(controller, 1, Integer::sum);
    }

    /** Adds sessions, or replaces what is known of them: messages 20200 (increment) and 20201. */
    public void put(Collection<LegacyApiSession> sessions) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            for (LegacyApiSession session : sessions) {
                putLocked(session, after);
            }
        }
        after.forEach(Runnable::run);
    }

    /** Forgets sessions by token and by id: message 20202. Unknown ones are ignored. */
    public void remove(Collection<String> removedTokens, Collection<ApiSessionId> removedIds) {
        List<LegacyApiSession> gone = new ArrayList<>();
        synchronized (this) {
            removedTokens.forEach(token -> removeLocked(key(token), gone));
            for (ApiSessionId id : removedIds) {
                String key = tokens.get(id);
                if (key != null) {
                    removeLocked(key, gone);
                }
            }
        }
        gone.forEach(this::tellRemoved);
    }

    /**
     * A controller's complete list. What this controller announced before, is missing from the list and is not younger than the
     * list's newest id, is gone (ids are ordered as text); so is whatever is missing that it announced before it was away.
     */
    public void synchronize(ControllerId controller, Collection<LegacyApiSession> complete) {
        List<Runnable> after = new ArrayList<>();
        List<LegacyApiSession> gone = new ArrayList<>();
        synchronized (this) {
            Set<ApiSessionId> listed = new HashSet<>();
            String newest = "";
            for (LegacyApiSession session : complete) {
                listed.add(session.id());
                newest = session.id().value().compareTo(newest) > 0
                        ? session.id().value()
                        : newest;
            }
            int visit = visits.getOrDefault(controller, 0);
            for (Known known : List.copyOf(byToken.values())) {
                LegacyApiSession session = known.session();
                if (session.controller().equals(controller)
                        && !listed.contains(session.id())
                        && (known.visit() < visit || session.id().value().compareTo(newest) <= 0)) {
                    removeLocked(key(session.token()), gone);
                }
            }
            complete.forEach(session -> putLocked(session, after));
        }
        gone.forEach(this::tellRemoved);
        after.forEach(Runnable::run);
    }

    public Optional<LegacyApiSession> find(String token) {
        String key = key(token);
        synchronized (this) {
            return Optional.ofNullable(byToken.get(key)).map(Known::session);
        }
    }

    /**
     * Completes with the session of this token as soon as it is known and {@code acceptable}; with nothing when that did not come
     * about in time.
     */
    public CompletionStage<Optional<LegacyApiSession>> await(
            String token, Predicate<LegacyApiSession> acceptable, Duration timeout) {
        Waiter waiter = new Waiter(key(token), acceptable, new CompletableFuture<>());
        synchronized (this) {
            Known known = byToken.get(waiter.key);
            if (known != null && acceptable.test(known.session())) {
                return CompletableFuture.completedFuture(Optional.of(known.session()));
            }
            waiters.computeIfAbsent(waiter.key, k -> new HashSet<>()).add(waiter);
        }
        return waiter.found
                .completeOnTimeout(Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((found, failure) -> {
                    synchronized (this) {
                        waitsNoMore(waiter);
                    }
                });
    }

    public synchronized int size() {
        return byToken.size();
    }

    /** Calls {@code listener} on every removal and change. */
    public Registration listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void putLocked(LegacyApiSession session, List<Runnable> after) {
        String key = key(session.token());
        Known before = byToken.put(key, new Known(session, visits.getOrDefault(session.controller(), 0)));
        String otherToken = tokens.put(session.id(), key);
        if (otherToken != null && !otherToken.equals(key)) {
            byToken.remove(otherToken);
        }
        if (before != null
                && !session.fingerprints().containsAll(before.session().fingerprints())) {
            after.add(() -> listeners.forEach(listener -> listener.onChanged(session)));
        }
        for (Waiter waiter : List.copyOf(waiters.getOrDefault(key, Set.of()))) {
            if (waiter.acceptable.test(session)) {
                waitsNoMore(waiter);
                after.add(() -> waiter.found.complete(Optional.of(session)));
            }
        }
    }

    private void waitsNoMore(Waiter waiter) {
        waiters.computeIfPresent(waiter.key, (key, all) -> {
            all.remove(waiter);
            return all.isEmpty() ? null : all;
        });
    }

    private void removeLocked(String key, List<LegacyApiSession> gone) {
        Known known = byToken.remove(key);
        if (known != null) {
            tokens.remove(known.session().id());
            gone.add(known.session());
        }
    }

    private void tellRemoved(LegacyApiSession session) {
        listeners.forEach(listener -> listener.onRemoved(session));
    }

    private static String key(String token) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Learns of sessions that are gone, and of those that lost certificates. */
    @FunctionalInterface
    public interface Listener {
        void onRemoved(LegacyApiSession session);

        /** @param session as it is now */
        default void onChanged(LegacyApiSession session) {}
    }

    private record Waiter(
            String key, Predicate<LegacyApiSession> acceptable, CompletableFuture<Optional<LegacyApiSession>> found) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
