package io.zitipekko.api.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Request paths and queries: cleaned, decoded, aliases resolved. Old clients and the Java SDK use paths without a prefix, doubled slashes
 * and trailing slashes. protocol/05 section 1.2.
 */
final class ApiPaths {
    private static final List<String> CLIENT = List.of("edge", "client", "v1");
    private static final List<String> EST = List.of(".well-known", "est", "cacerts");
    private static final int MAX_PARAMETERS = 100;

    private ApiPaths() {}

    /**
     * The segments that a path means.
     *
     * @param raw as sent, without the query
     * @param claimed first segments of all offered APIs; other paths belong to the client API
     */
    static List<String> segments(String raw, Set<String> claimed) {
        List<String> clean = clean(raw);
        if (clean.isEmpty() || clean.equals(List.of("version")) || clean.equals(CLIENT)) {
            return join(CLIENT, List.of("version"));
        }
        if (clean.equals(List.of("edge", "management", "v1"))) {
            return join(clean, List.of("version"));
        }
        if (clean.equals(EST) || clean.equals(join(List.of("edge", "management", "v1"), EST))) {
            return join(CLIENT, EST);
        }
        if (clean.size() >= 2 && clean.get(0).equals("edge") && clean.get(1).equals("v1")) {
            List<String> rest = clean.subList(2, clean.size());
            return join(CLIENT, rest.isEmpty() ? List.of("version") : rest);
        }
        String first = clean.get(0);
        return claimed.contains(first) || first.equals("edge") || first.equals("fabric") || first.equals(".well-known")
                ? clean
                : join(CLIENT, clean);
    }

    /** Splits before decoding, so that an encoded slash stays inside its segment. */
    private static List<String> clean(String raw) {
        List<String> out = new ArrayList<>();
        for (String part : raw.split("/", -1)) {
            String segment = decode(part, false);
            if (segment.isEmpty() || segment.equals(".")) {
                continue;
            }
            if (segment.equals("..")) {
                if (!out.isEmpty()) {
                    out.remove(out.size() - 1);
                }
            } else {
                out.add(segment);
            }
        }
        return out;
    }

    /** Parameters of a raw query, all values of a name in order. At most 100 are read. */
    static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> out = new LinkedHashMap<>();
        int count = 0;
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty() || ++count > MAX_PARAMETERS) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
            out.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
        }
        return out;
    }

    /** Percent-decodes UTF-8. A damaged escape stays as it is: what it breaks is the parameter's business. */
    private static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && i + 2 < in.length && hex(in[i + 1]) >= 0 && hex(in[i + 2]) >= 0) {
                out.write(hex(in[i + 1]) << 4 | hex(in[i + 2]));
                i += 2;
            } else {
                out.write(plusIsSpace && in[i] == '+' ? ' ' : in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int hex(byte b) {
        return Character.digit(b, 16);
    }

    private static List<String> join(List<String> head, List<String> tail) {
        List<String> out = new ArrayList<>(head);
        out.addAll(tail);
        return out;
    }
}
