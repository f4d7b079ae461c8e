package io.zitipekko.transport.identity;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One value of an identity block: PEM text, or the file that holds it (protocol/01 section 11). */
final class IdentityValue {
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):");
    private static final long MAX_FILE_BYTES = 16L << 20;

    private IdentityValue() {}

    /**
     * The PEM text of a value.
     *
     * @param field name of the field, for the message
     * @throws InvalidIdentityException naming field, file and cause
     */
    static String read(String field, String value) {
        String text = value.strip();
        if (text.startsWith("pem:")) {
            return text.substring("pem:".length());
        }
        if (text.startsWith("-----BEGIN")) {
            return text;
        }
        Path file = file(field, text)
                .orElseThrow(() -> new InvalidIdentityException(
                        "identity " + field + ": empty (expected: a file, or pem: and PEM text)"));
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidIdentityException(
                        "identity " + field + ": file " + file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new InvalidIdentityException(
                    "identity " + field + ": file " + file.toAbsolutePath() + " cannot be read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    /** The file behind a value; empty for inline PEM. */
    static Optional<Path> file(String field, String value) {
        String text = value.strip();
        if (text.isEmpty() || text.startsWith("pem:") || text.startsWith("-----BEGIN")) {
            return Optional.empty();
        }
        try {
            if (text.startsWith("file:///")) {
                return Optional.of(Path.of(URI.create(text)));
            }
            if (text.startsWith("file://")) {
                throw new InvalidIdentityException("identity " + field + ": '" + text
                        + "' would read its first segment as a host (expected: file:///absolute/path or a plain path)");
            }
            if (text.startsWith("file:")) {
                return Optional.of(Path.of(text.substring("file:".length())));
            }
            Matcher scheme = SCHEME.matcher(text);
            if (scheme.lookingAt()) {
                throw new InvalidIdentityException("identity " + field + ": engine '" + scheme.group(1)
                        + "' is not supported (expected: a file, file:, or pem: and PEM text)");
            }
            return Optional.of(Path.of(text));
        } catch (IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
            throw new InvalidIdentityException("identity " + field + ": not a usable path: " + e.getMessage(), e);
        }
    }
}
