package io.zitipekko.transport.identity;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code -----BEGIN type-----} block of a PEM text. Its {@code toString} hides the content, which may be a private key.
 *
 * @param type e.g. {@code CERTIFICATE}
 * @param der the decoded content; null when it is not base64
 * @param encrypted whether the block carries an encryption header
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only decoded
public record PemBlock(String type, byte @Nullable [] der, boolean encrypted) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    /** Real ones have some 20 characters. */
    private static final int MAX_TYPE = 64;

    /**
     * All blocks of a text in order; whatever stands before, between and after them is skipped. Between the two lines of a block there are
     * no other dashes in a row (RFC 7468), so that every character is looked at once, however many blocks are begun.
     */
    public static List<PemBlock> readAll(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        int at = 0;
        while ((at = text.indexOf(BEGIN, at)) >= 0) {
            int typeStart = at + BEGIN.length();
            int typeEnd = text.indexOf(DASHES, typeStart);
            if (typeEnd < 0) {
                break;
            }
            int bodyStart = typeEnd + DASHES.length();
            int bodyEnd = text.indexOf(DASHES, bodyStart);
            if (bodyEnd < 0) {
                break;
            }
            if (typeEnd - typeStart <= MAX_TYPE) {
                String type = text.substring(typeStart, typeEnd);
                String endLine = END + type + DASHES;
                if (type.indexOf('\n') < 0 && text.startsWith(endLine, bodyEnd)) {
                    blocks.add(read(type, text.substring(bodyStart, bodyEnd)));
                    at = bodyEnd + endLine.length();
                    continue;
                }
            }
            at = typeStart;
        }
        return blocks;
    }

    private static PemBlock read(String type, String body) {
        StringBuilder base64 = new StringBuilder(body.length());
        boolean encrypted = false;
        for (String line : body.split("\\R")) {
            if (line.indexOf(':') >= 0) {
                encrypted |= line.contains("ENCRYPTED");
            } else {
                base64.append(line.strip());
            }
        }
        try {
            return new PemBlock(type, Base64.getDecoder().decode(base64.toString()), encrypted);
        } catch (IllegalArgumentException notBase64) {
            return new PemBlock(type, null, encrypted);
        }
    }

    @Override
    public String toString() {
        return "PemBlock[" + type + "]";
    }
}
