package io.zitipekko.transport.secret;

import com.goterl.lazysodium.utils.LibraryLoader;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libsodium that the service encryption needs, mapped directly onto the library that lazysodium ships: its own
 * mapping copies each chunk's state in and out. Lengths are {@code unsigned long long}; buffers are addresses, or arrays where speed
 * does not matter. Every function but the void ones answers 0 for success.
 */
final class Libsodium {
    static final int KEY_BYTES = 32;
    static final int HEADER_BYTES = 24;
    static final int STATE_BYTES = 52;
    /** What each encrypted message is longer than its plain text. */
    static final int OVERHEAD = 17;

    static {
        load();
        // On this very copy of the library: without it the slow reference code paths run. 1 means that it was
        // initialised before.
        if (sodium_init() < 0) {
            throw new IllegalStateException(
                    "libsodium cannot be initialised: its random source or memory is not available");
        }
    }

    private Libsodium() {}

    private static void load() {
        String resource = "/" + LibraryLoader.getSodiumPathInResources();
        try {
            File file = Native.extractFromResourcePath(resource, LibraryLoader.class.getClassLoader());
            Native.register(Libsodium.class, NativeLibrary.getInstance(file.getAbsolutePath()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "libsodium (" + resource + " of lazysodium-java) cannot be unpacked; is the temporary directory "
                            + "writable and does it allow programs (noexec)?",
                    e);
        }
    }

    static native int sodium_init();

    static native int crypto_kx_keypair(byte[] publicKey, byte[] secretKey);

    static native int crypto_kx_seed_keypair(byte[] publicKey, byte[] secretKey, byte[] seed);

    static native int crypto_kx_client_session_keys(
            byte[] rx, byte[] tx, byte[] clientPublic, byte[] clientSecret, byte[] serverPublic);

    static native int crypto_kx_server_session_keys(
            byte[] rx, byte[] tx, byte[] serverPublic, byte[] serverSecret, byte[] clientPublic);

    static native int crypto_secretstream_xchacha20poly1305_init_push(Pointer state, byte[] header, byte[] key);

    static native int crypto_secretstream_xchacha20poly1305_init_pull(Pointer state, byte[] header, byte[] key);

    static native int crypto_secretstream_xchacha20poly1305_push(
            Pointer state,
            Pointer cipher,
            @Nullable Pointer cipherLength,
            Pointer message,
            long messageLength,
            @Nullable Pointer additional,
            long additionalLength,
            byte tag);

    static native int crypto_secretstream_xchacha20poly1305_pull(
            Pointer state,
            Pointer message,
            @Nullable Pointer messageLength,
            @Nullable Pointer tag,
            Pointer cipher,
            long cipherLength,
            @Nullable Pointer additional,
            long additionalLength);
}
