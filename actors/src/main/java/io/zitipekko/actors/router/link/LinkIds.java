package io.zitipekko.actors.router.link;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Link ids: 128 random bits in base 62 (protocol/04 section 1.2). */
final class LinkIds {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final SecureRandom RANDOM = new SecureRandom();

    private LinkIds() {}

    static String next() {
        BigInteger n = new BigInteger(128, RANDOM).setBit(127);
        StringBuilder out = new StringBuilder(22);
        while (n.signum() > 0) {
            BigInteger[] divided = n.divideAndRemainder(BASE);
            out.append(DIGITS.charAt(divided[1].intValue()));
            n = divided[0];
        }
        return out.reverse().toString();
    }
}
