package io.zitipekko.command.edge;

import java.util.Locale;

/** The management API's name for what a person calls one of a kind. */
final class Collections {
    private Collections() {}

    static String of(String kind) {
        String k = kind.toLowerCase(Locale.ROOT);
        if (k.endsWith("ies") || k.endsWith("s") && !k.endsWith("ss")) {
            return k;
        }
        return k.endsWith("y") ? k.substring(0, k.length() - 1) + "ies" : k + "s";
    }
}
