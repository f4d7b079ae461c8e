package io.zitipekko.actors.session.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Session;
import io.zitipekko.actors.model.id.ApiSessionId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.SessionId;
import io.zitipekko.transport.pki.KeyPairs;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A token says of a session what was stored of it; with one character changed it says nothing. */
class TokenRoundTripTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final SigningKey KEY = SignedTokensTest.signingKey(KeyPairs.p256());

    private final ServiceSessionTokens tokens = new ServiceSessionTokens(
            new SignedTokens(() -> KEY, TrustedKeys.only(() -> KEY), CLOCK), "ctrl.example.net:1280", CLOCK);

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(60)
                .filter(text -> !text.isBlank() && text.chars().noneMatch(c -> Character.isSurrogate((char) c)));
    }

    @Property(tries = 200)
    void sessionsComeBack(
            @ForAll("ids") String id,
            @ForAll("ids") String apiSession,
            @ForAll("ids") String identity,
            @ForAll("ids") String service,
            @ForAll PolicyType type,
            @ForAll @IntRange(max = 100_000) int place)
            throws InvalidTokenException {
        Session session = new Session(
                new SessionId(id),
                Entity.Meta.created(NOW, Map.of()),
                new ApiSessionId(apiSession),
                new IdentityId(identity),
                new ServiceId(service),
                type);

        String token = tokens.issue(session);

        ServiceSessionClaims claims = tokens.verify(token);
        assertThat(claims.sessionId()).isEqualTo(session.id());
        assertThat(claims.apiSessionId()).isEqualTo(session.apiSessionId());
        assertThat(claims.identityId()).isEqualTo(session.identityId());
        assertThat(claims.serviceId()).isEqualTo(session.serviceId());
        assertThat(claims.type()).isEqualTo(type);
        StringBuilder altered = new StringBuilder(token);
        // The last character of a part has bits that mean nothing.
        int at = place % (token.lastIndexOf('.') - 1);
        if (token.charAt(at + 1) != '.' && token.charAt(at) != '.') {
            altered.setCharAt(at, token.charAt(at) == 'A' ? 'B' : 'A');
            assertThatThrownBy(() -> tokens.verify(altered.toString())).isInstanceOf(InvalidTokenException.class);
        }
    }
}
