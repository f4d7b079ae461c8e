package io.zitipekko.actors.log.ratis;

import io.zitipekko.actors.log.ModelLog;
import io.zitipekko.actors.log.ModelLogException;
import io.zitipekko.actors.log.ModelLogSettings;
import io.zitipekko.actors.log.artery.ArteryPeers;
import io.zitipekko.actors.log.artery.ArteryRpcType;
import io.zitipekko.actors.log.entry.Replica;
import io.zitipekko.actors.log.folder.LogTail;
import io.zitipekko.actors.log.folder.StoreFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;

/** {@link ModelLog} on Apache Ratis: a Raft group of this network's controllers, of one by default. docs/decisions/0003-model-log.md. */
public final class RatisModelLog implements ModelLog {
    static {
        // A library must not end the process.
        ExitUtils.disableSystemExit();
    }

    private final RaftServer server;
    private final RaftGroupId groupId;
    private final ModelStateMachine stateMachine;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RatisModelLog(RaftServer server, RaftGroupId groupId, ModelStateMachine stateMachine) {
        this.server = server;
        this.groupId = groupId;
        this.stateMachine = stateMachine;
    }

    /**
     * Starts this member: reads its snapshot and log into {@code replica}, then takes part. Blocks while it reads.
     *
     * @param snapshotWriter may be blocked
     * @throws ModelLogException when the log is damaged or cannot be used
     */
    public static RatisModelLog start(
            ModelLogSettings settings,
            StoreFolder folder,
            ArteryPeers peers,
            Replica replica,
            Executor snapshotWriter,
            Listener listener) {
        LogTail.repair(folder.segments(settings.clusterGroupId()));
        RaftGroupId groupId = RaftGroupId.valueOf(settings.clusterGroupId());
        List<RaftPeer> members = settings.members().stream()
                .map(member -> RaftPeer.newBuilder()
                        .setId(member.nodeId())
                        .setAddress(member.address())
                        .build())
                .toList();
        ModelStateMachine stateMachine = new ModelStateMachine(replica, settings.snapshots(), snapshotWriter, listener);
        RaftServer server = null;
        try {
            server = RaftServer.newBuilder()
                    .setServerId(RaftPeerId.valueOf(settings.nodeId()))
                    .setGroup(RaftGroup.valueOf(groupId, members))
                    .setStateMachineRegistry(group -> stateMachine)
                    .setProperties(RatisProperties.of(settings, folder.raftDir()))
                    .setParameters(ArteryRpcType.parameters(peers))
                    .setOption(RaftStorage.StartupOption.RECOVER)
                    .build();
            server.start();
            return new RatisModelLog(server, groupId, stateMachine);
        } catch (IOException | RuntimeException e) {
            ModelLogException reason = new ModelLogException(
                    "model log in '" + folder.path() + "' cannot be started (" + ModelLogException.reason(e)
                            + "): nothing was changed. See to its disk, or restore the folder from a backup",
                    e);
            stateMachine.closing();
            if (server != null) {
                closeAfter(reason, server);
            }
            throw reason;
        }
    }

    private static void closeAfter(ModelLogException reason, RaftServer server) {
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public CompletionStage<Outcome> append(byte[] entry) {
        RaftClientRequest request =
                request(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)), RaftClientRequest.writeRequestType());
        try {
            return server.submitClientRequestAsync(request).thenApply(RatisModelLog::outcome);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(
                    new ModelLogException("model log takes no entry: " + ModelLogException.reason(e), e));
        }
    }

    private RaftClientRequest request(Message message, RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(groupId)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(type)
                .build();
    }

    private static Outcome outcome(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            // Not the leader, not ready, or stepping down: it may still be committed by whoever leads next.
            return Outcome.UNKNOWN;
        }
        long index = Long.parseLong(reply.getMessage().getContent().toStringUtf8());
        return index == Replica.CONFLICT ? Outcome.CONFLICT : Outcome.APPLIED;
    }

    @Override
    public Optional<String> leader() {
        return Optional.ofNullable(division().getInfo().getLeaderId()).map(RaftPeerId::toString);
    }

    @Override
    public CompletionStage<Boolean> caughtUp() {
        try {
            DivisionInfo info = server.getDivision(groupId).getInfo();
            // A lone leader answers before it has applied its own log: hence the look at whether it is ready, when it
            // has answered.
            return server.submitClientRequestAsync(request(Message.EMPTY, RaftClientRequest.readRequestType()))
                    .handle((reply, fault) ->
                            fault == null && reply.isSuccess() && (!info.isLeader() || info.isLeaderReady()));
        } catch (IOException | RuntimeException e) {
            // Not started, or closing: then it is not caught up.
            return CompletableFuture.completedFuture(false);
        }
    }

    private RaftServer.Division division() {
        try {
            return server.getDivision(groupId);
        } catch (IOException e) {
            throw new ModelLogException("model log is not running", e);
        }
    }

    @Override
    public void close() {
        stateMachine.closing();
        try {
            server.close();
        } catch (IOException e) {
            throw new ModelLogException("model log did not close cleanly: " + ModelLogException.reason(e), e);
        }
    }
}
