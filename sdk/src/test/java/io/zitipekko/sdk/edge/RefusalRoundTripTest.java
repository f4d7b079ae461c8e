package io.zitipekko.sdk.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.transport.channel.Headers;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.edge.EdgeContentType;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.EdgeHeader;
import io.zitipekko.transport.edge.RetryHint;
import io.zitipekko.transport.edge.StructuredError;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What a router says of a refusal reaches the application as it was said, whatever the text holds. */
class RefusalRoundTripTest {
    private static Message closed(StructuredError error) {
        Headers headers = Headers.builder()
                .int32(EdgeHeader.ERROR_CODE, error.code().code())
                .string(EdgeHeader.STRUCTURED_ERROR, error.toJson())
                .build();
        return Message.of(EdgeContentType.STATE_CLOSED, headers, "the body's own text");
    }

    @Property
    void codeHintAndTextComeBack(
            @ForAll @StringLength(min = 1, max = 200) String text, @ForAll EdgeErrorCode code, @ForAll RetryHint hint) {
        ZitiException refusal = Refusals.of("dial", closed(StructuredError.of(code, hint, text)));

        assertThat(refusal).hasMessageStartingWith("dial refused: " + text);
        assertThat(refusal.code()).contains(code);
        assertThat(refusal.hint()).isEqualTo(hint);
    }

    @Property
    void theFailingChecksAreListedAsTheyWere(@ForAll @Size(max = 5) List<@StringLength(max = 20) String> checks)
            throws Exception {
        StructuredError error = new StructuredError(
                "posture check failed", EdgeErrorCode.POSTURE_CHECK_FAILED, RetryHint.DEFAULT, checks);

        JsonNode read = new ObjectMapper().readTree(error.toJson());

        List<String> listed = new ArrayList<>();
        read.path("failingPostureCheckIds").forEach(id -> listed.add(id.asText()));
        assertThat(listed).isEqualTo(checks);
        assertThat(read.has("failingPostureCheckIds")).isEqualTo(!checks.isEmpty());
    }
}
