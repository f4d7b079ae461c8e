package io.zitipekko.api.query;

import io.zitipekko.api.query.grammar.FilterParser;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * A value as a filter writes it.
 *
 * @param text as written, for number-to-string conversion
 */
record Literal(ValueType type, Object value, String text) {
    /** @throws InvalidQueryException for a date that is none */
    static Literal of(FilterParser.LiteralContext context) {
        String text = context.getText();
        if (context.STRING() != null) {
            return new Literal(ValueType.STRING, unescape(text.substring(1, text.length() - 1)), text);
        }
        if (context.DATETIME() != null) {
            return new Literal(ValueType.DATETIME, date(text), text);
        }
        try {
            return new Literal(ValueType.INTEGER, Long.valueOf(text), text);
        } catch (NumberFormatException notAnInt64) {
            return new Literal(ValueType.FLOAT, Double.valueOf(text), text);
        }
    }

    static Literal of(boolean value) {
        return new Literal(ValueType.BOOL, value, Boolean.toString(value));
    }

    private static Instant date(String text) {
        String inner = text.substring("datetime(".length(), text.length() - 1).trim();
        try {
            return OffsetDateTime.parse(inner.toUpperCase(Locale.ROOT)).toInstant();
        } catch (DateTimeParseException e) {
            throw InvalidQueryException.filter("'" + inner + "' is not an RFC 3339 date, e.g. 2026-01-02T03:04:05Z");
        }
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                char escaped = text.charAt(++i);
                c = switch (escaped) {
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> escaped;
                };
            }
            out.append(c);
        }
        return out.toString();
    }
}
