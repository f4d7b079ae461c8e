package io.zitipekko.actors.router.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.zitipekko.actors.router.ControllerId;
import io.zitipekko.actors.router.edge.session.ApiSessionTable;
import io.zitipekko.actors.router.edge.session.LegacyApiSession;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.control.ControlContentType;
import io.zitipekko.transport.control.ControlHeader;
import io.zitipekko.transport.control.proto.edge.ApiSession;
import io.zitipekko.transport.control.proto.edge.ApiSessionAdded;
import io.zitipekko.transport.control.proto.edge.ApiSessionRemoved;
import io.zitipekko.transport.control.proto.edge.ApiSessionUpdated;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Full lists in chunks, and increments (protocol/03 section 11). */
final class ApiSessionSyncTest {
    private static final String FINGERPRINT = "0123456789abcdef0123456789abcdef01234567";

    private final ApiSessionTable table = new ApiSessionTable();
    private final ControlMessages messages = new ControlMessages();
    private ControllerId from = new ControllerId("ctrl1");

    @BeforeEach
    void connect() {
        new ApiSessionSync(table).connect(messages);
    }

    private static ApiSession session(String id) {
        return ApiSession.newBuilder()
                .setId(id)
                .setToken("token of " + id)
                .setIdentityId("alice")
                .addCertFingerprints(FINGERPRINT)
                .build();
    }

    private static ApiSessionAdded added(boolean full, String... ids) {
        return ApiSessionAdded.newBuilder()
                .setIsFullState(full)
                .addAllApiSessions(
                        Stream.of(ids).map(ApiSessionSyncTest::session).toList())
                .build();
    }

    private void receive(int type, Headers headers, MessageLite body) {
        // No handler of these messages answers, so none needs the channel.
        messages.dispatch(new ControlMessages.From(from, null), ControlMessages.of(type, headers, body));
    }

    private void chunk(String sync, int sequence, boolean last, String... ids) {
        String state = "{\"id\":\"" + sync + "\",\"isLast\":" + last + ",\"sequence\":" + sequence + "}";
        receive(
                ControlContentType.API_SESSION_ADDED,
                Headers.builder()
                        .string(ControlHeader.SYNC_STRATEGY_STATE, state)
                        .build(),
                added(true, ids));
    }

    private boolean knows(String id) {
        return table.find("token of " + id).isPresent();
    }

    @Test
    void incrementsCountAtOnce() {
        receive(ControlContentType.API_SESSION_ADDED, Headers.EMPTY, added(false, "s1", "s2"));
        receive(
                ControlContentType.API_SESSION_REMOVED,
                Headers.EMPTY,
                ApiSessionRemoved.newBuilder()
                        .addTokens("token of s1")
                        .addIds("")
                        .build());
        receive(
                ControlContentType.API_SESSION_UPDATED,
                Headers.EMPTY,
                ApiSessionUpdated.newBuilder().addApiSessions(session("s3")).build());

        assertThat(knows("s1")).isFalse();
        assertThat(table.find("token of s2"))
                .get()
                .extracting(LegacyApiSession::controller)
                .isEqualTo(from);
        assertThat(knows("s3")).isTrue();
    }

    @Test
    void aListCountsOnceAllItsChunksAreHereInWhateverOrder() {
        receive(ControlContentType.API_SESSION_ADDED, Headers.EMPTY, added(false, "s0"));

        chunk("one", 2, true, "s5");
        chunk("one", 0, false, "s1", "s2");
        assertThat(table.size()).isOne();
        chunk("one", 1, false, "s3");

        assertThat(knows("s0")).as("missing from the list").isFalse();
        assertThat(table.size()).isEqualTo(4);
    }

    @Test
    void aChunkThatComesTwiceCountsOnce() {
        chunk("one", 0, false, "s1");
        chunk("one", 0, false, "s1");
        assertThat(table.size()).isZero();

        chunk("one", 1, true, "s2");

        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void aNewListSupersedesAnUnfinishedOne() {
        chunk("one", 0, false, "s1");
        chunk("two", 0, false, "s2");
        chunk("two", 1, true, "s3");

        assertThat(knows("s1")).isFalse();
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void aListSaysNothingOfAnotherControllersSessions() {
        chunk("one", 0, true, "s1");
        from = new ControllerId("ctrl2");

        chunk("one", 0, true, "s2");

        assertThat(knows("s1")).isTrue();
        assertThat(knows("s2")).isTrue();
    }

    @Test
    void chunksOfTwoControllersAreKeptApart() {
        chunk("one", 0, false, "s1");
        from = new ControllerId("ctrl2");
        chunk("one", 1, true, "s2");

        assertThat(table.size()).isZero();
    }

    @Test
    void aFullListWithoutWordOfChunksIsTheWholeList() {
        receive(ControlContentType.API_SESSION_ADDED, Headers.EMPTY, added(false, "s1"));

        receive(ControlContentType.API_SESSION_ADDED, Headers.EMPTY, added(true, "s2"));

        assertThat(knows("s1")).isFalse();
        assertThat(knows("s2")).isTrue();
    }

    @Test
    void aSessionThatCannotBeUsedIsLeftOut() {
        receive(
                ControlContentType.API_SESSION_ADDED,
                Headers.EMPTY,
                ApiSessionAdded.newBuilder()
                        .addApiSessions(session("s1").toBuilder()
                                .clearCertFingerprints()
                                .addCertFingerprints("no"))
                        .addApiSessions(session("s2"))
                        .build());

        assertThat(knows("s1")).isFalse();
        assertThat(knows("s2")).isTrue();
    }

    @Test
    void aBodyThatCannotBeDecodedChangesNothing() {
        messages.dispatch(
                new ControlMessages.From(from, null),
                Message.of(ControlContentType.API_SESSION_ADDED, Headers.EMPTY, new byte[] {(byte) 0xff}));

        assertThat(table.size()).isZero();
    }
}
