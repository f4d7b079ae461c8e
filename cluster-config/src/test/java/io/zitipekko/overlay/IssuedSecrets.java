package io.zitipekko.overlay;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.Model;
import io.zitipekko.actors.model.entity.ApiSession;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.type.ApiSessions;
import io.zitipekko.actors.model.type.Authenticators;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.transport.identity.IdentityConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a network under test gave out and must not tell: tokens, one-time secrets, passwords, hashes, private keys. They are also kept in a file
 * below {@code target/secrets}, readable by its owner only, so that whoever has the logs of all tests can look for them there.
 */
public final class IssuedSecrets {
    /** Shorter texts stand in many lines without being a secret. */
    private static final int SHORTEST = 8;

    private final Set<String> values = ConcurrentHashMap.newKeySet();
    private final Path file;

    IssuedSecrets() {
        try {
            Path folder = Files.createDirectories(Path.of("target", "secrets"));
            file = Files.createTempFile(
                    folder,
                    "issued-",
                    ".txt",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new UncheckedIOException("no file for the secrets of a test", e);
        }
    }

    /** Takes note of all secrets that are in the model and that come into it. */
    void watch(Model model) {
        model.subscribe(commit -> {
            for (Change change : commit.changeSet().changes()) {
                if (change instanceof Change.Put<?> put) {
                    add(put.entity());
                }
            }
        });
        Stream.of(ApiSessions.TYPE, Enrollments.TYPE, Authenticators.TYPE)
                .flatMap(type -> model.view().all(type).stream())
                .forEach(this::add);
    }

    private void add(Entity entity) {
        if (entity instanceof ApiSession session) {
            add(session.token());
        } else if (entity instanceof Enrollment enrollment) {
            add(enrollment.token());
            add(enrollment.jwt());
        } else if (entity instanceof Authenticator authenticator
                && authenticator.credential() instanceof Authenticator.Password password) {
            add(password.hash());
            add(password.salt());
        }
    }

    /** The private key of an identity. */
    public void add(ZitiIdentityFile identity) {
        identity.identityConfig().map(IdentityConfig::key).ifPresent(this::addKey);
    }

    /** Every line of a key is as secret as all of it. */
    public void addKey(String pem) {
        pem.lines().filter(line -> line.length() >= 32 && line.indexOf('-') < 0).forEach(this::add);
    }

    /** Any secret of its own. */
    public void add(String secret) {
        if (secret.length() < SHORTEST || !values.add(secret)) {
            return;
        }
        try {
            Files.writeString(file, secret + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take note of a secret", e);
        }
    }

    /** How many there are. */
    public int count() {
        return values.size();
    }

    /** Whether a line tells one of them. */
    public boolean isToldBy(String line) {
        return values.stream().anyMatch(line::contains);
    }
}
