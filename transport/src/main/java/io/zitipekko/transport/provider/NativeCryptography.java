package io.zitipekko.transport.provider;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the choice of who computes what the JDK's TLS, certificates and tokens need: AWS-LC's native code through its JCA provider, or the JDK
 * itself. Native code signs, verifies and agrees on keys some twenty times as fast as JDK 17 and needs nothing compiled first;
 * AES-GCM costs little more than half (docs/performance.md). What it does not have, and keys that it does not take, the JDK goes on to serve. The
 * choice is one for the whole process, so an application that uses the SDK makes it, not the SDK.
 */
public final class NativeCryptography {
    /** System property: {@code jdk} leaves everything to the JDK, {@code native} is the default. */
    public static final String PROPERTY = "ziti.cryptography";

    private static final String NATIVE = "native";
    private static final String JDK = "jdk";
    private static final Logger LOG = LoggerFactory.getLogger(NativeCryptography.class);

    private static volatile boolean installed;
    private static boolean tried;

    private NativeCryptography() {}

    /**
     * Makes this process prefer native code, where there is any for its platform; otherwise says so once in the log and changes nothing.
     * May be called more than once.
     *
     * @return whether native code is preferred now
     * @throws IllegalArgumentException when the property has a value that is none
     */
    public static synchronized boolean install() {
        if (tried) {
            return installed;
        }
        boolean wanted = isWanted();
        tried = true;
        if (!wanted) {
            return false;
        }
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        Throwable unusable = provider.getLoadingError();
        if (unusable != null) {
            LOG.info(
                    "ciphers and signatures are the JDK's, native ones cannot be loaded here: {}", unusable.toString());
            return false;
        }
        Security.insertProviderAt(provider, 1);
        installed = true;
        LOG.debug("ciphers and signatures are native: {}", provider.getInfo());
        return true;
    }

    /**
     * Whether native code may be used where there is any.
     *
     * @throws IllegalArgumentException when the property has a value that is none
     */
    public static boolean isWanted() {
        return isWanted(System.getProperty(PROPERTY, NATIVE));
    }

    /** @throws IllegalArgumentException when the property cannot have this value */
    static boolean isWanted(String value) {
        return switch (value) {
            case NATIVE -> true;
            case JDK -> false;
            default ->
                throw new IllegalArgumentException(
                        "-D" + PROPERTY + "=" + value + " (expected: " + NATIVE + " or " + JDK + ")");
        };
    }

    /** Whether this process prefers native code. */
    public static boolean isInstalled() {
        return installed;
    }
}
