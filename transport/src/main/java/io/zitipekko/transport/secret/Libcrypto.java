package io.zitipekko.transport.secret;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of the system's OpenSSL 3 that {@link OpensslMessages} needs. Sizes are {@code int}, 1 is success, 0 is no address: numbers, since
 * calls with objects for addresses take twice as long. Linking fails with an {@link UnsatisfiedLinkError} where there is no such library.
 */
final class Libcrypto {
    static final int EVP_CTRL_AEAD_GET_TAG = 0x10;
    static final int EVP_CTRL_AEAD_SET_TAG = 0x11;

    private static final String LIBRARY = "libcrypto.so.3";

    static {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("addresses of " + Native.POINTER_SIZE + " bytes");
        }
        Native.register(Libcrypto.class, NativeLibrary.getInstance(LIBRARY));
    }

    private Libcrypto() {}

    static native long EVP_chacha20_poly1305();

    static native long EVP_CIPHER_CTX_new();

    static native void EVP_CIPHER_CTX_free(long context);

    static native int EVP_CipherInit_ex(long context, long cipher, long engine, long key, long nonce, int encrypts);

    static native int EVP_CipherUpdate(long context, long out, long outLength, long in, int inLength);

    static native int EVP_CipherFinal_ex(long context, long out, long outLength);

    static native int EVP_CIPHER_CTX_ctrl(long context, int command, int length, long bytes);
}
