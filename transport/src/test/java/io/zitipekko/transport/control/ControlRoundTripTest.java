package io.zitipekko.transport.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.zitipekko.transport.channel.Message;
import io.zitipekko.transport.channel.VersionInfo;
import io.zitipekko.transport.channel.frame.FrameDecoder;
import io.zitipekko.transport.channel.frame.FrameLimits;
import io.zitipekko.transport.channel.frame.FramingException;
import io.zitipekko.transport.channel.frame.MessageFraming;
import io.zitipekko.transport.edge.EdgeErrorCode;
import io.zitipekko.transport.edge.RetryHint;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The control messages that are headers come back from their frames as they were. */
class ControlRoundTripTest {
    /** Texts that have a form in UTF-8: no halves of surrogate pairs. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(60).filter(text -> text.chars()
                .noneMatch(c -> Character.isSurrogate((char) c)));
    }

    /** Ids beyond those that the message itself uses, as peer data has them. */
    @Provide
    Arbitrary<PeerData> peerData() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(2000, 1 << 30),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(ByteString::copyFrom))
                .ofMaxSize(20)
                .map(PeerData::new);
    }

    private static Message overTheWire(Message message) {
        FrameDecoder decoder = FrameDecoder.forListener(FrameLimits.ofTotal(16 << 20));
        decoder.feed(MessageFraming.encode(message, 7));
        try {
            Message read = decoder.next();
            assertThat(read).isNotNull();
            assertThat(read.contentType()).isEqualTo(message.contentType());
            return read;
        } catch (FramingException e) {
            throw new AssertionError(e);
        }
    }

    @Property
    void requestsForCircuits(
            @ForAll("texts") String session,
            @ForAll("texts") String token,
            @ForAll @Size(max = 10) List<@From("texts") String> fingerprints,
            @ForAll("texts") String instance,
            @ForAll("texts") String id,
            @ForAll("peerData") PeerData peerData) {
        CreateCircuitV2Request v2 = new CreateCircuitV2Request(session, token, fingerprints, instance, peerData);
        CreateCircuitV3Request v3 =
                new CreateCircuitV3Request(session, id, token, fingerprints, instance, id, peerData);

        assertThat(CreateCircuitV2Request.from(overTheWire(v2.toMessage()))).isEqualTo(v2);
        assertThat(CreateCircuitV3Request.from(overTheWire(v3.toMessage()))).isEqualTo(v3);
        assertThat(v2.toString() + v3).doesNotContain(token.length() < 8 ? "\0\0" : token);
    }

    @Property
    void circuitsThatWereMade(
            @ForAll("texts") String id,
            @ForAll("texts") String address,
            @ForAll("peerData") PeerData peerData,
            @ForAll @Size(max = 10) Map<@From("texts") String, @From("texts") String> tags) {
        CreateCircuitResponse response = new CreateCircuitResponse(id, address, peerData, tags);

        assertThat(CreateCircuitResponse.from(overTheWire(response.toV2Message())))
                .isEqualTo(response);
        assertThat(CreateCircuitResponse.from(overTheWire(response.toV3Message())))
                .isEqualTo(response);
    }

    @Property
    void resultsOfRoutes(
            @ForAll("texts") String circuit,
            @ForAll int attempt,
            @ForAll RouteErrorCode code,
            @ForAll("texts") String error,
            @ForAll("peerData") PeerData peerData) {
        RouteResult success = RouteResult.success(circuit, attempt, peerData);
        RouteResult failure = RouteResult.failure(circuit, attempt, code, error);

        assertThat(RouteResult.from(overTheWire(success.toMessage()))).isEqualTo(success);
        assertThat(RouteResult.from(overTheWire(failure.toMessage()))).isEqualTo(failure);
    }

    @Property
    void refusals(
            @ForAll EdgeErrorCode code,
            @ForAll RetryHint hint,
            @ForAll("texts") String text,
            @ForAll("texts") String circuit) {
        EdgeError error = new EdgeError(code, hint, text, circuit);

        assertThat(EdgeError.from(overTheWire(error.toMessage()))).isEqualTo(error);
    }

    @Property
    void versions(@ForAll @IntRange(max = 9999) int major, @ForAll @IntRange(max = 9999) int minor) {
        VersionInfo version = new VersionInfo("v" + major + "." + minor + ".0", "r", "d", "linux", "amd64");

        assertThat(VersionInfo.parse(version.toString())).isEqualTo(version);
        assertThat(version.isAtLeast(major + "." + minor + ".0")).isTrue();
    }
}
