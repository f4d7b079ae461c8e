package io.zitipekko.actors.log.ratis;

import io.zitipekko.actors.log.ModelLog;
import io.zitipekko.actors.log.ModelLogException;
import io.zitipekko.actors.log.ModelLogSettings.SnapshotPolicy;
import io.zitipekko.actors.log.entry.LogEntry;
import io.zitipekko.actors.log.entry.Replica;
import io.zitipekko.actors.log.entry.SnapshotFile;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis drives: applies entries to the {@link Replica}, keeps its snapshots, and passes on who leads. Entries are applied on one
 * thread of Ratis; snapshots are written elsewhere from an immutable image, and Ratis is told of a snapshot only when it is on disk,
 * because it then deletes the log before it.
 */
final class ModelStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(ModelStateMachine.class);

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final Replica replica;
    private final SnapshotPolicy policy;
    private final Executor snapshotWriter;
    private final ModelLog.Listener listener;
    /** The newest snapshot that is on disk and that Ratis may purge up to. */
    private volatile long durableIndex = RaftLog.INVALID_LOG_INDEX;

    private volatile boolean writing;
    private volatile boolean closing;
    /** Since the last snapshot was begun; of the applying thread. */
    private long changeSetsSince;

    private long bytesSince;

    ModelStateMachine(Replica replica, SnapshotPolicy policy, Executor snapshotWriter, ModelLog.Listener listener) {
        this.replica = replica;
        this.policy = policy;
        this.snapshotWriter = snapshotWriter;
        this.listener = listener;
    }

    /** From now on an end of the server is no failure. */
    void closing() {
        closing = true;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
        super.initialize(server, groupId, raftStorage);
        getLifeCycle().startAndTransition(() -> {
            storage.init(raftStorage);
            load(storage.getLatestSnapshot());
        });
    }

    /** After a snapshot of another member was put on disk. */
    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        load(storage.loadLatestSnapshot());
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    /** Called for every chunk of a snapshot that arrives: the second time there is nothing to do. */
    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    private void load(SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        replica.restore(SnapshotFile.read(snapshot.getFile().getPath()));
        setLastAppliedTermIndex(snapshot.getTermIndex());
        durableIndex = snapshot.getIndex();
        changeSetsSince = 0;
        bytesSince = 0;
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
        long index;
        try {
            LogEntry decoded = LogEntry.decode(bytes);
            index = replica.apply(decoded);
            changeSetsSince += decoded.sets().size();
            bytesSince += bytes.length;
        } catch (IOException | RuntimeException e) {
            ModelLogException reason = new ModelLogException(
                    "model log entry " + entry.getIndex() + " cannot be applied (" + ModelLogException.reason(e)
                            + "): this controller stops taking part; see whether its version is older than the others'",
                    e);
            listener.failed(reason);
            throw reason;
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return CompletableFuture.completedFuture(Message.valueOf(Long.toString(index)));
    }

    /** Answered when everything committed before it was applied; that is all that is asked. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public long takeSnapshot() {
        TermIndex at = getLastAppliedTermIndex();
        boolean due = changeSetsSince >= policy.changeSets() || bytesSince >= policy.bytes();
        if (due && !writing && at != null && at.getIndex() > durableIndex) {
            writing = true;
            changeSetsSince = 0;
            bytesSince = 0;
            Replica.Image image = replica.image();
            snapshotWriter.execute(() -> write(image, at));
        }
        return durableIndex;
    }

    private void write(Replica.Image image, TermIndex at) {
        try {
            var file = storage.getSnapshotFile(at.getTerm(), at.getIndex());
            SnapshotFile.write(image, file.toPath());
            MD5Hash md5 = MD5FileUtil.computeAndSaveMd5ForFile(file);
            storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), md5), at));
            durableIndex = at.getIndex();
        } catch (IOException | RuntimeException e) {
            // Nothing is lost: the log is kept until a snapshot stands for it. The next one is tried when as much was
            // written again.
            LOG.warn(
                    "model snapshot at index {} could not be written ({}): the log grows until one can",
                    at.getIndex(),
                    e.toString());
        } finally {
            writing = false;
        }
    }

    @Override
    public void notifyLeaderReady() {
        listener.leading();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        listener.notLeading();
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
        listener.failed(new ModelLogException(
                "model log cannot be written (" + ModelLogException.reason(cause)
                        + "): free space on its disk or mend it, then start this controller again. Nothing that was acknowledged is lost",
                cause));
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServers) {
        if (!closing) {
            listener.failed(new ModelLogException(
                    "model log stopped by itself: see the lines before this one, then start this controller again"));
        }
    }
}
