package io.zitipekko.actors.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What a node needs to keep the model.
 *
 * @param dataDir the node's own folder for it; made when it is missing
 * @param nodeId this controller's stable id
 * @param clusterGroupId names the network's log; the same on all its controllers, another one for every other network
 * @param members all controllers that keep the log at its beginning, this one among them. A folder that has a log knows its members
 *     itself
 * @param timing how long to wait for what
 * @param snapshots when to write snapshots
 */
public record ModelLogSettings(
        Path dataDir,
        String nodeId,
        UUID clusterGroupId,
        List<Member> members,
        Timing timing,
        SnapshotPolicy snapshots) {

    public ModelLogSettings {
        Objects.requireNonNull(dataDir, "dataDir");
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(clusterGroupId, "clusterGroupId");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(snapshots, "snapshots");
        members = List.copyOf(members);
        if (members.stream().noneMatch(member -> member.nodeId().equals(nodeId))) {
            throw new IllegalArgumentException(
                    "members: " + members + " (expected: this node '" + nodeId + "' among them)");
        }
    }

    /** A controller on its own. */
    public static ModelLogSettings alone(Path dataDir, String nodeId, UUID clusterGroupId) {
        return new ModelLogSettings(
                dataDir,
                nodeId,
                clusterGroupId,
                List.of(new Member(nodeId, "127.0.0.1:0")),
                Timing.DEFAULT,
                SnapshotPolicy.DEFAULT);
    }

    /** One of several controllers. */
    public static ModelLogSettings member(Path dataDir, String nodeId, UUID clusterGroupId, List<Member> members) {
        return new ModelLogSettings(dataDir, nodeId, clusterGroupId, members, Timing.DEFAULT, SnapshotPolicy.DEFAULT);
    }

    public ModelLogSettings withTiming(Timing other) {
        return new ModelLogSettings(dataDir, nodeId, clusterGroupId, members, other, snapshots);
    }

    public ModelLogSettings withSnapshots(SnapshotPolicy other) {
        return new ModelLogSettings(dataDir, nodeId, clusterGroupId, members, timing, other);
    }

    public boolean alone() {
        return members.size() == 1;
    }

    /**
     * A controller that keeps the log.
     *
     * @param nodeId its stable id
     * @param address {@code host:port} of its cluster port (Artery)
     */
    public record Member(String nodeId, String address) {
        public Member {
            Objects.requireNonNull(nodeId, "nodeId");
            if (!address.matches(".+:\\d{1,5}")) {
                throw new IllegalArgumentException("address: '" + address + "' (expected: host:port)");
            }
        }
    }

    /**
     * How long to wait for what.
     *
     * @param electionMin a member that has not heard its leader for this long, or up to {@code electionMax}, calls an election
     * @param request how long one message between members may take
     * @param proposal how long a proposal looks for a leader before it fails with {@code NO_LEADER}
     */
    public record Timing(Duration electionMin, Duration electionMax, Duration request, Duration proposal) {
        /** Shorter elections find leaders too often on a busy machine, and cost more than they win. */
        public static final Timing DEFAULT = new Timing(
                Duration.ofMillis(1000), Duration.ofMillis(2000), Duration.ofSeconds(3), Duration.ofSeconds(15));

        public Timing {
            if (electionMin.isNegative() || electionMin.isZero() || electionMax.compareTo(electionMin) <= 0) {
                throw new IllegalArgumentException(
                        "election timeout: " + electionMin + " to " + electionMax + " (expected: 0 < min < max)");
            }
        }
    }

    /**
     * When a snapshot is written: after this many change sets or this many bytes of log since the last one.
     *
     * @param changeSets at least 1
     * @param bytes at least 1
     */
    public record SnapshotPolicy(long changeSets, long bytes) {
        public static final SnapshotPolicy DEFAULT = new SnapshotPolicy(20_000, 32L << 20);

        public SnapshotPolicy {
            if (changeSets < 1 || bytes < 1) {
                throw new IllegalArgumentException(
                        "snapshot after " + changeSets + " change sets, " + bytes + " bytes (expected: 1 or more)");
            }
        }
    }
}
