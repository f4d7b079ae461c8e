package io.zitipekko.actors.log.artery;

import java.util.Objects;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/** Tells Ratis, which makes it by its class name, to send its messages over Artery. */
public final class ArteryRpcType implements RpcType {
    private static final String PEERS = "ziti.artery.peers";

    /** Made by Ratis. */
    public ArteryRpcType() {}

    /** Parameters that carry {@code peers} to the RPC that Ratis makes. */
    public static Parameters parameters(ArteryPeers peers) {
        Parameters parameters = new Parameters();
        parameters.put(PEERS, peers, ArteryPeers.class);
        return parameters;
    }

    @Override
    public String name() {
        return "ARTERY";
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        ArteryPeers peers = Objects.requireNonNull(parameters.get(PEERS, ArteryPeers.class), PEERS);
        return new Factory(peers);
    }

    private record Factory(ArteryPeers peers) implements ServerFactory {
        @Override
        public RpcType getRpcType() {
            return new ArteryRpcType();
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new ArteryRpc(server, peers);
        }
    }
}
