package io.zitipekko.transport.secret;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * The functions of the system's OpenSSL 3 that {@link OpensslMessages} needs. Addresses are numbers, which a call passes on as they are; 0 is none. Sizes are
 * {@code int}; 1 is success. Linking fails with an {@link UnsatisfiedLinkError} where there is no such library.
 */
final class Libcrypto {
    static final int EVP_CTRL_AEAD_GET_TAG = 0x10;
    static final int EVP_CTRL_AEAD_SET_TAG = 0x11;

    private static final long OPENSSL_INIT_NO_ATEXIT = 0x00080000L;
    private static final String LIBRARY = "libcrypto.so.3";
    /** {@code RTLD_NOW}, not global: other libraries of the process, with an OpenSSL of their own, must not find its functions in place of theirs. */
    private static final Map<String, Integer> FOR_US_ALONE = Map.of(Library.OPTION_OPEN_FLAGS, 2);

    static {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("addresses of " + Native.POINTER_SIZE + " bytes");
        }
        Native.register(Libcrypto.class, library());
        // Threads may still encrypt while the process exits: nothing must be freed under them.
        if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, 0) != 1) {
            throw new UnsatisfiedLinkError(LIBRARY + " cannot be initialised");
        }
    }

    private Libcrypto() {}

    /** @throws UnsatisfiedLinkError where there is none */
    static NativeLibrary library() {
        return NativeLibrary.getInstance(LIBRARY, FOR_US_ALONE);
    }

    private static native int OPENSSL_init_crypto(long options, long settings);

    static native long EVP_chacha20_poly1305();

    static native long EVP_CIPHER_CTX_new();

    static native void EVP_CIPHER_CTX_free(long context);

    static native int EVP_CipherInit_ex(long context, long cipher, long engine, long key, long nonce, int encrypts);

    static native int EVP_CipherUpdate(long context, long out, long outLength, long in, int inLength);

    static native int EVP_CipherFinal_ex(long context, long out, long outLength);

    static native int EVP_CIPHER_CTX_ctrl(long context, int command, int length, long bytes);
}
