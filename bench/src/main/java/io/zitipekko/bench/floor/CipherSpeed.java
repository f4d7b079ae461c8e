package io.zitipekko.bench.floor;

import io.zitipekko.transport.secret.KeyExchange;
import io.zitipekko.transport.secret.SecretStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.pekko.util.ByteString;

/** How fast one core encrypts, in MB for each second of its time, by the two ciphers that a payload passes: each hop's and the end-to-end stream's. */
final class CipherSpeed {
    /** A TLS record. */
    private static final int RECORD = 16 << 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CipherSpeed() {}

    /** AES-128-GCM, as TLS uses it in this process. */
    static double aes(long nanos) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
        byte[] plain = new byte[RECORD];
        byte[] sealed = new byte[RECORD + 16];
        byte[] nonce = new byte[12];
        long began = System.nanoTime();
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        long count = 0;
        while (System.nanoTime() - began < nanos) {
            nonce[0] = (byte) count;
            nonce[1] = (byte) (count >> 8);
            nonce[2] = (byte) (count >> 16);
            nonce[3] = (byte) (count >> 24);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            cipher.doFinal(plain, 0, plain.length, sealed);
            count++;
        }
        return count * RECORD * 1e3 / (THREADS.getCurrentThreadCpuTime() - cpuBefore);
    }

    /** XChaCha20-Poly1305, as the secret stream of a connection. */
    static double xchacha(long nanos) {
        try (KeyExchange dialer = KeyExchange.generate();
                KeyExchange host = KeyExchange.generate();
                SecretStream.Encryptor stream = new SecretStream.Encryptor(dialer.asDialer(host.publicKey()))) {
            ByteString plain = ByteString.fromArrayUnsafe(new byte[RECORD]);
            long began = System.nanoTime();
            long cpuBefore = THREADS.getCurrentThreadCpuTime();
            long count = 0;
            while (System.nanoTime() - began < nanos) {
                stream.encrypt(plain);
                count++;
            }
            return count * RECORD * 1e3 / (THREADS.getCurrentThreadCpuTime() - cpuBefore);
        }
    }
}
