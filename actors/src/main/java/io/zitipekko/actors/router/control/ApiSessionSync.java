package io.zitipekko.actors.router.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.ApiSession;
import io.zitipekko.transport.control.proto.edge.ApiSessionAdded;
import io.zitipekko.transport.control.proto.edge.ApiSessionRemoved;
import io.zitipekko.transport.control.proto.edge.ApiSessionUpdated;
import io.zitipekko.transport.identity.Fingerprint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the legacy API sessions that controllers announce (protocol/03 section 11). Increments go to the {@link ApiSessionTable} at
 * once, on the channel's thread, as a removal is a revocation; a full list is collected until all of its chunks are here. A list that
 * never completes is superseded by the next one: at most one per controller is kept. Thread-safe.
 */
public final class ApiSessionSync {
    private static final Logger LOG = LoggerFactory.getLogger(ApiSessionSync.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Chunks of 100 sessions each: far more than any list that a router can hold. */
    private static final int MAX_CHUNKS = 100_000;

    private final ApiSessionTable table;
    private final Map<ControllerId, Collecting> lists = new HashMap<>();

    /** A full list that is still coming in. */
    private static final class Collecting {
        final String syncId;
        final List<LegacyApiSession> sessions = new ArrayList<>();
        final Set<Integer> sequences = new HashSet<>();
        int last = -1;

        Collecting(String syncId) {
            this.syncId = syncId;
        }
    }

    private record Chunk(String syncId, boolean last, int sequence) {}

    public ApiSessionSync(ApiSessionTable table) {
        this.table = table;
    }

    /** Adds the entries for 20200, 20201 and 20202. */
    public void connect(ControlMessages messages) {
        messages.on(
                        ControlContentType.API_SESSION_ADDED,
                        ApiSessionAdded.parser(),
                        (from, m, body) -> added(from.controller(), m, body))
                .on(
                        ControlContentType.API_SESSION_UPDATED,
                        ApiSessionUpdated.parser(),
                        (from, m, body) -> table.put(sessions(from.controller(), body.getApiSessionsList())))
                .on(
                        ControlContentType.API_SESSION_REMOVED,
                        ApiSessionRemoved.parser(),
                        (from, m, body) -> table.remove(
                                body.getTokensList(),
                                body.getIdsList().stream()
                                        .filter(id -> !id.isBlank())
                                        .map(ApiSessionId::new)
                                        .toList()));
    }

    private void added(ControllerId from, Message message, ApiSessionAdded body) {
        List<LegacyApiSession> sessions = sessions(from, body.getApiSessionsList());
        if (!body.getIsFullState()) {
            table.put(sessions);
            return;
        }
        Optional<Chunk> chunk =
                message.headers().string(ControlHeader.SYNC_STRATEGY_STATE).flatMap(ApiSessionSync::chunk);
        if (chunk.isEmpty()) {
            // No word on chunks: the message is the whole list.
            table.synchronize(from, sessions);
            return;
        }
        Optional<List<LegacyApiSession>> complete = collect(from, chunk.get(), sessions);
        complete.ifPresent(list -> table.synchronize(from, list));
    }

    private synchronized Optional<List<LegacyApiSession>> collect(
            ControllerId from, Chunk chunk, List<LegacyApiSession> sessions) {
        Collecting list = lists.get(from);
        if (list == null || !list.syncId.equals(chunk.syncId())) {
            list = new Collecting(chunk.syncId());
            lists.put(from, list);
        }
        if (list.sequences.add(chunk.sequence())) {
            list.sessions.addAll(sessions);
        }
        if (chunk.last()) {
            list.last = chunk.sequence();
        }
        if (list.last < 0 || list.sequences.size() != list.last + 1) {
            return Optional.empty();
        }
        lists.remove(from);
        return Optional.of(list.sessions);
    }

    private static Optional<Chunk> chunk(String json) {
        try {
            JsonNode state = JSON.readTree(json);
            int sequence = state.path("sequence").asInt(-1);
            if (state.path("id").isTextual() && sequence >= 0 && sequence < MAX_CHUNKS) {
                return Optional.of(new Chunk(
                        state.path("id").asText(), state.path("isLast").asBoolean(), sequence));
            }
        } catch (IOException e) {
            LOG.warn(
                    "the state of an API-session list is not JSON, the message is taken for the whole list: {}",
                    e.getMessage());
        }
        return Optional.empty();
    }

    private static List<LegacyApiSession> sessions(ControllerId from, List<ApiSession> announced) {
        List<LegacyApiSession> out = new ArrayList<>(announced.size());
        for (ApiSession s : announced) {
            try {
                Set<Fingerprint> fingerprints = new HashSet<>();
                s.getCertFingerprintsList().forEach(f -> fingerprints.add(new Fingerprint(f)));
                out.add(new LegacyApiSession(
                        new ApiSessionId(s.getId()),
                        s.getToken(),
                        new IdentityId(s.getIdentityId()),
                        fingerprints,
                        from));
            } catch (IllegalArgumentException e) {
                LOG.warn("controller {} announces an API session that cannot be used: {}", from, e.getMessage());
            }
        }
        return out;
    }
}
