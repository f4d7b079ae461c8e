package io.zitipekko.actors.log.ratis;

import io.zitipekko.actors.log.ModelLogSettings;
import io.zitipekko.actors.log.artery.ArteryRpcType;
import io.zitipekko.actors.log.entry.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up, and why. */
final class RatisProperties {
    private RatisProperties() {}

    static RaftProperties of(ModelLogSettings settings, Path raftDir) {
        RaftProperties properties = new RaftProperties();
        properties.set("raft.rpc.type", ArteryRpcType.class.getName());
        // Both default to places below /tmp.
        RaftServerConfigKeys.setStorageDir(properties, List.of(raftDir.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, raftDir.resolve("removed").toFile());
        elections(properties, settings);
        log(properties, settings);
        snapshots(properties);
        threads(properties);
        return properties;
    }

    private static void elections(RaftProperties properties, ModelLogSettings settings) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(
                properties, time(settings.timing().electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(
                properties, time(settings.timing().electionMax()));
        RaftServerConfigKeys.Rpc.setRequestTimeout(
                properties, time(settings.timing().request()));
        if (settings.alone()) {
            // Nobody else could lead: no need to wait and hear.
            RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(1));
            RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(5));
        }
        // A laptop that sleeps, or a paused virtual machine, is no reason to close for good.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1, TimeUnit.HOURS));
        // How a member that starts learns from the leader what it must have applied.
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(10, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties properties, ModelLogSettings settings) {
        SizeInBytes largest = SizeInBytes.valueOf(LogEntry.MAX_BYTES + 64 * 1024);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("8MB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("8MB"));
        // Also the limit for one entry. One message stays below Artery's frame for large messages.
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, largest);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("512KB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        // Tells followers at once what is committed, at the price of a second entry for each: of no use to a lone
        // member.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, !settings.alone());
        // LogTail looked at the end already; what Ratis still finds damaged stops the start.
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    }

    private static void snapshots(RaftProperties properties) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        // Asks often; ModelStateMachine decides by its own measure, and answers with what is on disk.
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, 32);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 64);
    }

    private static void threads(RaftProperties properties) {
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, 2);
        RaftServerConfigKeys.ThreadPool.setServerSize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setProxySize(properties, 2);
    }

    private static TimeDuration time(Duration duration) {
        return millis(duration.toMillis());
    }

    private static TimeDuration millis(long value) {
        return TimeDuration.valueOf(value, TimeUnit.MILLISECONDS);
    }
}
