package io.zitipekko.actors.log.folder;

import io.zitipekko.actors.log.ModelLogException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The folder of one node's log, held by one process at a time: a lock that the operating system frees when the process dies, a marker
 * that says which network's and whose it is, and the log itself below.
 */
public final class StoreFolder implements AutoCloseable {
    private final Path folder;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final NetworkMarker marker;

    private StoreFolder(Path folder, FileChannel lockFile, FileLock lock, NetworkMarker marker) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.lock = lock;
        this.marker = marker;
    }

    /**
     * Makes the folder when it is missing, and takes it.
     *
     * @throws ModelLogException when it cannot be made or written, another process has it, or it belongs to another network or node
     */
    public static StoreFolder open(Path folder, UUID groupId, String nodeId) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new ModelLogException("data folder '" + folder + "' is not a folder: choose another path", e);
        } catch (IOException e) {
            throw new ModelLogException(
                    "data folder '" + folder + "' cannot be made (" + describe(e)
                            + "): make it writable, or choose another path",
                    e);
        }
        FileChannel lockFile;
        try {
            lockFile = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new ModelLogException(
                    "data folder '" + folder + "' cannot be written (" + describe(e)
                            + "): give this user write access, or choose another path",
                    e);
        }
        try {
            FileLock lock = tryLock(folder, lockFile);
            return new StoreFolder(folder, lockFile, lock, NetworkMarker.check(folder, groupId, nodeId));
        } catch (ModelLogException e) {
            closeQuietly(lockFile, e);
            throw e;
        } catch (IOException e) {
            closeQuietly(lockFile, e);
            throw new ModelLogException(
                    "data folder '" + folder + "' cannot be used (" + describe(e)
                            + "): see to the disk, or choose another path",
                    e);
        }
    }

    private static FileLock tryLock(Path folder, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new ModelLogException("data folder '" + folder
                    + "' is in use by another running controller: stop that one, or choose another path");
        }
        return lock;
    }

    private static void closeQuietly(FileChannel lockFile, Exception reason) {
        try {
            lockFile.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static String describe(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** Where the log lives. */
    public Path raftDir() {
        return folder.resolve("raft");
    }

    /** Where the segments of the group's log lie. */
    public Path segments(UUID groupId) {
        return raftDir().resolve(groupId.toString()).resolve("current");
    }

    public Path path() {
        return folder;
    }

    /**
     * Notes the history that the log turned out to hold.
     *
     * @throws ModelLogException when the folder was marked with another one: its parts do not belong together
     */
    public void confirmTimeline(String timelineId) {
        marker.confirmTimeline(timelineId);
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            // The lock goes with the process at the latest; there is nothing that anyone could do about it.
            throw new ModelLogException("data folder '" + folder + "' cannot be released: " + describe(e), e);
        }
    }
}
