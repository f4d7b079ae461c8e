package io.zitipekko.actors.model.entity;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Long texts that many entities repeat, such as the certificate that an identity logs in with, which each of its sessions names: kept once,
 * for as long as some entity has it. Thread-safe.
 */
final class SharedText {
    private static final Map<String, WeakReference<String>> KNOWN = new WeakHashMap<>();

    private SharedText() {}

    /** {@code text}, or an equal one that is kept already. */
    static String of(String text) {
        synchronized (KNOWN) {
            @Nullable WeakReference<String> kept = KNOWN.get(text);
            @Nullable String known = kept == null ? null : kept.get();
            if (known != null) {
                return known;
            }
            KNOWN.put(text, new WeakReference<>(text));
            return text;
        }
    }
}
