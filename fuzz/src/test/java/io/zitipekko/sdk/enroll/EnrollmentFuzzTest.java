package io.zitipekko.sdk.enroll;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zitipekko.fuzz.Bounds;
import io.zitipekko.fuzz.Pki;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.transport.identity.Pem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user hands to the SDK: enrolment tokens and identity files. */
class EnrollmentFuzzTest {
    static Stream<byte[]> texts() {
        String header = encoded("{\"alg\":\"ES256\",\"kid\":\"x\"}");
        return Stream.of(
                        header + "."
                                + encoded("{\"iss\":\"https://ctrl.example.net:1280\",\"sub\":\"i1\",\"em\":\"ott\","
                                        + "\"jti\":\"t1\",\"exp\":9999999999}")
                                + ".AAAA",
                        header + "." + encoded("{\"iss\":\"http://x\",\"em\":1}") + ".AAAA",
                        "{\"ztAPI\":\"https://ctrl.example.net:1280\",\"id\":{\"cert\":\"pem:x\",\"key\":\"pem:y\",\"ca\":\""
                                + Pem.write(Pki.ROOT.certificate()).replace("\n", "\\n")
                                + "\"},\"configTypes\":[\"host.v1\"],\"ztAPIs\":[\"https://a:1/edge/client/v1\"]}",
                        "{\"ztAPI\":\"mailto:x\",\"id\":{}}",
                        "{\"ztAPI\":\"https://x:1?q\",\"id\":null}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("texts")
    @FuzzTest
    void whatCannotBeUsedIsRefused(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Bounds.hold(bytes.length, () -> {
            try {
                EnrollmentToken token = EnrollmentToken.parse(text);
                assertThat(token.toString()).doesNotContain(token.secret().isEmpty() ? "\0" : "jti");
                token.verify(Pki.LEAF, Clock.systemUTC());
                throw new AssertionError("believed a token that nobody signed");
            } catch (ZitiException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
            try {
                ZitiIdentityFile file = ZitiIdentityFile.parse(text);
                ZitiIdentityFile again = ZitiIdentityFile.parse(file.toJson());
                assertThat(ZitiIdentityFile.parse(again.toJson()).toJson()).isEqualTo(again.toJson());
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }
}
