package io.zitipekko.actors.log.artery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexReplyProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.AbstractMessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/** One member's Raft messages, both ways, over {@link ArteryPeers}. The blocking calls are made by Ratis on its own threads. */
final class ArteryRpc implements RaftServerRpc, RaftServerAsynchronousProtocol {
    private final RaftServer server;
    private final ArteryPeers peers;

    ArteryRpc(RaftServer server, ArteryPeers peers) {
        this.server = server;
        this.peers = peers;
    }

    @Override
    public void start() {
        peers.handleWith(this::handle);
    }

    @Override
    public void close() {
        peers.handleNothing();
    }

    private CompletionStage<byte[]> handle(RaftOperation operation, byte[] body) {
        try {
            ByteString bytes = ByteString.copyFrom(body);
            return switch (operation) {
                case REQUEST_VOTE -> done(server.requestVote(RequestVoteRequestProto.parseFrom(bytes)));
                case APPEND_ENTRIES ->
                    server.appendEntriesAsync(AppendEntriesRequestProto.parseFrom(bytes))
                            .thenApply(AbstractMessageLite::toByteArray);
                case INSTALL_SNAPSHOT -> done(server.installSnapshot(InstallSnapshotRequestProto.parseFrom(bytes)));
                case START_ELECTION ->
                    done(server.startLeaderElection(StartLeaderElectionRequestProto.parseFrom(bytes)));
                case READ_INDEX ->
                    server.readIndexAsync(ReadIndexRequestProto.parseFrom(bytes))
                            .thenApply(AbstractMessageLite::toByteArray);
            };
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletionStage<byte[]> done(MessageLite answer) {
        return CompletableFuture.completedFuture(answer.toByteArray());
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return await(
                ask(RaftOperation.REQUEST_VOTE, request.getServerRequest(), request, RequestVoteReplyProto.parser()));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return await(appendEntriesAsync(request));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return await(ask(
                RaftOperation.INSTALL_SNAPSHOT,
                request.getServerRequest(),
                request,
                InstallSnapshotReplyProto.parser()));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return await(ask(
                RaftOperation.START_ELECTION,
                request.getServerRequest(),
                request,
                StartLeaderElectionReplyProto.parser()));
    }

    @Override
    public CompletableFuture<AppendEntriesReplyProto> appendEntriesAsync(AppendEntriesRequestProto request) {
        return ask(RaftOperation.APPEND_ENTRIES, request.getServerRequest(), request, AppendEntriesReplyProto.parser());
    }

    @Override
    public CompletableFuture<ReadIndexReplyProto> readIndexAsync(ReadIndexRequestProto request) {
        return ask(RaftOperation.READ_INDEX, request.getServerRequest(), request, ReadIndexReplyProto.parser());
    }

    private <T> CompletableFuture<T> ask(
            RaftOperation operation, RaftRpcRequestProto head, MessageLite request, Parser<T> parser) {
        String to = RaftPeerId.valueOf(head.getReplyId()).toString();
        return peers.ask(to, operation, request.toByteArray()).thenApply(body -> {
            try {
                return parser.parseFrom(body);
            } catch (InvalidProtocolBufferException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static <T> T await(CompletableFuture<T> answer) throws IOException {
        try {
            // The ask behind it has a timeout of its own.
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for another member");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof IOException io
                    ? io
                    : new TimeoutIOException(String.valueOf(cause.getMessage()), cause);
        }
    }

    @Override
    public RaftServerAsynchronousProtocol async() {
        return this;
    }

    @Override
    public void addRaftPeers(java.util.Collection<RaftPeer> members) {
        for (RaftPeer member : members) {
            if (member.getAddress() != null && !member.getAddress().isEmpty()) {
                peers.moved(member.getId().toString(), member.getAddress());
            }
        }
    }

    @Override
    public void handleException(RaftPeerId peer, Exception fault, boolean reconnect) {
        // Artery reconnects by itself, and says so.
    }

    @Override
    public RpcType getRpcType() {
        return new ArteryRpcType();
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        // Members are found by Artery's addresses; Ratis only shows this one.
        return InetSocketAddress.createUnresolved("artery", 0);
    }
}
