package io.zitipekko.actors.router.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.Cuts;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.ApiSession;
import io.zitipekko.transport.control.proto.edge.ApiSessionAdded;
import io.zitipekko.transport.control.proto.edge.ApiSessionRemoved;
import io.zitipekko.transport.control.proto.edge.ApiSessionUpdated;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Announcements of API sessions, in any order: no input keeps a later, whole list from being what the router knows. */
class ApiSessionSyncFuzzTest {
    private static final int[] TYPES = {
        ControlContentType.API_SESSION_ADDED,
        ControlContentType.API_SESSION_UPDATED,
        ControlContentType.API_SESSION_REMOVED
    };

    private static ApiSession session(String id) {
        return ApiSession.newBuilder()
                .setId(id)
                .setToken("token of " + id)
                .setIdentityId("i1")
                .addCertFingerprints("ab".repeat(20))
                .build();
    }

    /** Of the form that {@link Cuts} takes apart: type, state, body, and so on. */
    static Stream<byte[]> announcements() {
        byte[] first = ApiSessionAdded.newBuilder()
                .setIsFullState(true)
                .addApiSessions(session("s1"))
                .build()
                .toByteArray();
        byte[] updated = ApiSessionUpdated.newBuilder()
                .addApiSessions(session("s2"))
                .build()
                .toByteArray();
        byte[] removed = ApiSessionRemoved.newBuilder()
                .addTokens("token of s1")
                .addIds("s2")
                .build()
                .toByteArray();
        return Stream.of(
                Cuts.join(new byte[] {0}, text("{\"id\":\"x\",\"isLast\":true,\"sequence\":0}"), first),
                Cuts.join(
                        new byte[] {0},
                        text("{\"id\":\"x\",\"isLast\":false,\"sequence\":0}"),
                        first,
                        new byte[] {0},
                        text("{\"id\":\"x\",\"isLast\":true,\"sequence\":1}"),
                        first),
                Cuts.join(new byte[] {1}, new byte[0], updated, new byte[] {2}, new byte[0], removed));
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @MethodSource("announcements")
    @FuzzTest
    void aWholeListCountsWhateverCameBefore(byte[] bytes) {
        Bounds.hold(bytes.length, () -> {
            ApiSessionTable table = new ApiSessionTable();
            ControlMessages messages = new ControlMessages();
            new ApiSessionSync(table).connect(messages);
            // No handler of these messages answers, so none needs the channel.
            ControlMessages.From from = new ControlMessages.From(new ControllerId("ctrl1"), null);
            List<byte[]> parts = Cuts.apart(bytes);
            for (int i = 0; i + 2 < parts.size(); i += 3) {
                byte[] type = parts.get(i);
                messages.dispatch(
                        from,
                        Message.of(
                                TYPES[type.length == 0 ? 0 : Byte.toUnsignedInt(type[0]) % TYPES.length],
                                Headers.builder()
                                        .bytes(ControlHeader.SYNC_STRATEGY_STATE, parts.get(i + 1))
                                        .build(),
                                parts.get(i + 2)));
            }

            table.reconnected(from.controller());
            messages.dispatch(
                    from,
                    ControlMessages.of(
                            ControlContentType.API_SESSION_ADDED,
                            ApiSessionAdded.newBuilder()
                                    .setIsFullState(true)
                                    .addApiSessions(session("only"))
                                    .build()));

            assertThat(table.find("token of only")).isPresent();
            assertThat(table.size()).isEqualTo(1);
        });
    }
}
