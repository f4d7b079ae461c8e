package io.zitipekko.transport.identity;

import java.util.function.Supplier;

/**
 * An identity that follows its files: a change is applied about a second later, to new handshakes only; a reload that fails
 * keeps the old identity and is logged (protocol/07 section 2).
 */
public final class ReloadingIdentity implements Supplier<Identity>, AutoCloseable {
    private ReloadingIdentity() {}

    /** @throws InvalidIdentityException when the first load fails */
    public static ReloadingIdentity start(IdentityConfig config) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity get() {
        throw new UnsupportedOperationException();
    }

    /** Reads the files now, e.g. after we renewed them ourselves. Throws and keeps the old identity when they are not good. */
    public void reload() {
        throw new UnsupportedOperationException();
    }

    /** Runs after each successful change. */
    public void onChange(java.util.function.Consumer<Identity> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
