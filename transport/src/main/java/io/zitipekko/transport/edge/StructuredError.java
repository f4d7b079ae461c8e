package io.zitipekko.transport.edge;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The JSON of header 1033 (protocol/02 section 3.3); always sent together with header 1014.
 *
 * @param failingPostureCheckIds left out of the JSON when empty
 */
public record StructuredError(
        String message, EdgeErrorCode code, RetryHint retryHint, List<String> failingPostureCheckIds) {
    public StructuredError {
        failingPostureCheckIds = List.copyOf(failingPostureCheckIds);
    }

    public static StructuredError of(EdgeErrorCode code, RetryHint retryHint, String message) {
        return new StructuredError(message, code, retryHint, List.of());
    }

    public String toJson() {
        String checks = failingPostureCheckIds.isEmpty()
                ? ""
                : failingPostureCheckIds.stream()
                        .map(StructuredError::quote)
                        .collect(Collectors.joining(",", ",\"failingPostureCheckIds\":[", "]"));
        return "{\"message\":" + quote(message) + ",\"code\":" + code.code() + ",\"retryHint\":" + retryHint.code()
                + checks + "}";
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
