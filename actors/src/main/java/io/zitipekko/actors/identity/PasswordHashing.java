package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.work.BoundedWork;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Makes and checks password hashes on threads of their own. The stages fail with {@link BoundedWork.Overloaded} when more is waiting than
 * this controller takes. Thread-safe.
 */
public final class PasswordHashing {
    /** Longest password that is looked at; longer ones are refused before they are hashed. */
    public static final int LONGEST = 100;

    /** Shortest password that any policy admits. */
    public static final int SHORTEST = 5;

    private final BoundedWork work;
    private final SecureRandom random = new SecureRandom();

    public PasswordHashing(BoundedWork work) {
        this.work = work;
    }

    /** The stored form of a password, with a fresh salt. */
    public CompletionStage<Authenticator.Password> hash(String username, String password) {
        return work.run(() -> PasswordHash.of(username, password, random));
    }

    /** Whether the password is the stored one; without a stored one, no, after the same work. */
    public CompletionStage<Boolean> matches(Optional<Authenticator.Password> stored, String password) {
        return work.run(() -> stored.map(known -> PasswordHash.matches(known, password))
                .orElseGet(() -> PasswordHash.matchesNobody(password)));
    }
}
