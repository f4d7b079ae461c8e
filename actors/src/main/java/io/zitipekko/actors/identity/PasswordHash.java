package io.zitipekko.actors.identity;

import io.zitipekko.actors.model.entity.Authenticator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id with OpenZiti's parameters: one pass, 3072 KiB, four lanes, 32 bytes (protocol/05 section 5.3). Takes milliseconds and megabytes:
 * call it through {@link PasswordHashing} only.
 */
final class PasswordHash {
    private static final int ITERATIONS = 1;
    private static final int MEMORY_KIB = 3072;
    private static final int LANES = 4;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 32;

    /** Compared with when there is no such user, so that this takes as long as a wrong password. Nothing hashes to it. */
    private static final Authenticator.Password NOBODY = new Authenticator.Password(
            "nobody",
            Base64.getEncoder().encodeToString(new byte[SALT_BYTES]),
            Base64.getEncoder().encodeToString(new byte[HASH_BYTES]));

    private PasswordHash() {}

    static Authenticator.Password of(String username, String password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return new Authenticator.Password(
                username, base64.encodeToString(salt), base64.encodeToString(hash(password, salt)));
    }

    static boolean matches(Authenticator.Password stored, String password) {
        byte[] expected = Base64.getDecoder().decode(stored.hash());
        byte[] actual = hash(password, Base64.getDecoder().decode(stored.salt()));
        return MessageDigest.isEqual(expected, actual);
    }

    /** The work of {@link #matches} for a user who does not exist. */
    static boolean matchesNobody(String password) {
        matches(NOBODY, password);
        return false;
    }

    private static byte[] hash(String password, byte[] salt) {
        byte[] text = password.getBytes(StandardCharsets.UTF_8);
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(ITERATIONS)
                .withMemoryAsKB(MEMORY_KIB)
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] out = new byte[HASH_BYTES];
        argon2.generateBytes(text, out);
        Arrays.fill(text, (byte) 0);
        return out;
    }
}
