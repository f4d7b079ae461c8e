package io.zitipekko.transport.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity that follows its files: a change is applied about a second later, to new handshakes only; a reload that fails
 * keeps the old identity and is logged (protocol/07 section 2). Owns one daemon thread that looks at the files' times twice a
 * second, and none when every value is inline.
 */
public final class ReloadingIdentity implements Supplier<Identity>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingIdentity.class);
    private static final long LOOK_EVERY_MILLIS = 500;

    private final IdentityConfig config;
    private final Set<Path> files;
    private final List<Consumer<Identity>> listeners = new CopyOnWriteArrayList<>();
    private final @Nullable ScheduledExecutorService watcher;
    private volatile Identity current;
    /** What the files looked like when they were last read. */
    private Map<Path, Stamp> loaded;
    /** What they looked like at the last look: a change is read once two looks agree, so that a half-written set is not. */
    private Map<Path, Stamp> seen;

    private boolean closed;

    private ReloadingIdentity(IdentityConfig config, boolean watch) {
        this.config = config;
        this.files = filesOf(config);
        this.loaded = stamps();
        this.seen = loaded;
        this.current = Identity.load(config);
        this.watcher = watch && !files.isEmpty()
                ? Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "ziti-identity-watcher");
                    thread.setDaemon(true);
                    return thread;
                })
                : null;
    }

    /**
     * Loads and starts to watch.
     *
     * @throws InvalidIdentityException when the first load fails
     */
    public static ReloadingIdentity start(IdentityConfig config) {
        ReloadingIdentity identity = new ReloadingIdentity(config, true);
        if (identity.watcher != null) {
            var unused = identity.watcher.scheduleWithFixedDelay(
                    identity::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
        return identity;
    }

    /** Without a thread; {@link #look()} is called by hand. */
    static ReloadingIdentity unwatched(IdentityConfig config) {
        return new ReloadingIdentity(config, false);
    }

    @Override
    public Identity get() {
        return current;
    }

    /**
     * Reads the files now, e.g. after we renewed them ourselves.
     *
     * @throws InvalidIdentityException when they are not good; the old identity stays
     */
    public synchronized void reload() {
        Map<Path, Stamp> stamps = stamps();
        loaded = stamps;
        seen = stamps;
        Identity fresh = Identity.load(config);
        current = fresh;
        for (Consumer<Identity> listener : listeners) {
            listener.accept(fresh);
        }
    }

    /** Runs the listener after each successful change, on the watcher's thread or that of {@link #reload()}. */
    public void onChange(Consumer<Identity> listener) {
        listeners.add(listener);
    }

    /** One look at the files. */
    synchronized void look() {
        if (closed) {
            return;
        }
        Map<Path, Stamp> now = stamps();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(loaded)) {
            return;
        }
        try {
            reload();
            LOG.info("identity {} reloaded from changed files", current.token());
        } catch (RuntimeException e) {
            // Anything at all: the watcher must survive it and the old identity stays in use.
            LOG.error(
                    "identity {} keeps its old material, the changed files are not usable: {}",
                    current.token(),
                    e.getMessage());
        }
    }

    /** Looks at its files no more, and is not looking when this returns; what was read last stays in use. */
    @Override
    public synchronized void close() {
        closed = true;
        if (watcher != null) {
            watcher.shutdown();
        }
    }

    /** Closes those of {@code identities} that follow files. */
    public static void close(Collection<? extends Supplier<Identity>> identities) {
        for (Supplier<Identity> identity : identities) {
            if (identity instanceof ReloadingIdentity watched) {
                watched.close();
            }
        }
    }

    private Map<Path, Stamp> stamps() {
        Map<Path, Stamp> stamps = new HashMap<>();
        for (Path file : files) {
            stamps.put(file, Stamp.of(file));
        }
        return stamps;
    }

    private static Set<Path> filesOf(IdentityConfig config) {
        Set<Path> files = new LinkedHashSet<>();
        addFile(files, "cert", config.cert());
        addFile(files, "key", config.key());
        addFile(files, "server_cert", config.serverCert());
        addFile(files, "server_key", config.serverKey());
        addFile(files, "ca", config.ca());
        for (AltServerCert alternative : config.altServerCerts()) {
            addFile(files, "alt_server_certs", alternative.serverCert());
            addFile(files, "alt_server_certs.server_key", alternative.serverKey());
        }
        return files;
    }

    private static void addFile(Set<Path> files, String field, @Nullable String value) {
        if (value != null) {
            IdentityValue.file(field, value).ifPresent(files::add);
        }
    }

    /** Time, size and inode of a file, so that a replacement through a link is seen too; zeros for one that is absent. */
    private record Stamp(long modifiedMillis, long size, @Nullable Object fileKey) {
        static Stamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
            } catch (IOException absent) {
                return new Stamp(0, 0, null);
            }
        }
    }
}
