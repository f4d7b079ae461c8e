package io.zitipekko.sdk.enroll;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.zitipekko.sdk.ZitiException;
import io.zitipekko.sdk.ZitiIdentityFile;
import io.zitipekko.sdk.auth.BoundedText;
import io.zitipekko.sdk.auth.Credentials;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.identity.TrustAnchors;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import io.zitipekko.transport.tls.SslContexts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes an identity out of an enrollment token (protocol/05 section 7). The token must be signed by the key that the controller proves
 * in TLS; only then its CA bundle is taken, and from there on only that bundle is trusted. Blocks: call it off the actor dispatchers.
 */
public final class Enrollment {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_ANSWER = 4 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Enrollment() {}

    /**
     * Enrolls with a token of method {@code ott}: a fresh P-256 key, a certificate for it.
     *
     * @throws ZitiException when the token is not good, or the controller refuses it
     */
    public static ZitiIdentityFile withOneTimeToken(String jwt) {
        EnrollmentToken token = parsed(jwt, "ott");
        List<X509Certificate> bundle = verifiedBundle(token);
        KeyPair keys = KeyPairs.p256();
        Csr csr = Csr.create(CertificateSubject.commonName(token.subject()), AlternativeNames.NONE, keys);
        JsonNode data = enroll(token, bundle, "application/x-pem-file", csr.pem());
        String certificate = data.path("cert").asText("");
        checkIssued(certificate, keys);
        return new ZitiIdentityFile(
                List.of(ZitiIdentityFile.clientApi(token.issuer())),
                List.of(),
                "pem:" + certificate,
                "pem:" + Pem.write(keys.getPrivate()),
                "pem:" + Pem.write(bundle));
    }

    private static void checkIssued(String pem, KeyPair keys) {
        try {
            if (Pem.certificates(pem).get(0).getPublicKey().equals(keys.getPublic())) {
                return;
            }
        } catch (InvalidIdentityException e) {
            throw new ZitiException("the controller's answer holds no certificate", e);
        }
        throw new ZitiException("the controller's certificate is for another key than ours");
    }

    /**
     * Enrolls with a token of method {@code updb}: sets user name and password. The identity file has no key; log in with {@link
     * io.zitipekko.sdk.ZitiContext#connect(org.apache.pekko.actor.ClassicActorSystemProvider, ZitiIdentityFile,
     * Credentials.Password, io.zitipekko.sdk.ZitiOptions)}.
     *
     * @throws ZitiException when the token is not good, or the controller refuses it
     */
    public static ZitiIdentityFile withPassword(String jwt, Credentials.Password password) {
        EnrollmentToken token = parsed(jwt, "updb");
        List<X509Certificate> bundle = verifiedBundle(token);
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("username", password.username())
                .put("password", password.password())
                .toString();
        enroll(token, bundle, "application/json", body);
        return new ZitiIdentityFile(
                List.of(ZitiIdentityFile.clientApi(token.issuer())), List.of(), null, null, "pem:" + Pem.write(bundle));
    }

    private static EnrollmentToken parsed(String jwt, String method) {
        EnrollmentToken token = EnrollmentToken.parse(jwt);
        if (!method.equals(token.method())) {
            throw new ZitiException("enrollment token of method '" + token.method() + "' (expected: '" + method + "')");
        }
        return token;
    }

    /** Verifies the token, and gives the CA bundle of the server whose key has signed it. */
    private static List<X509Certificate> verifiedBundle(EnrollmentToken token) {
        X509Certificate leaf = PinnedLeaf.presentedAt(token.issuer(), TIMEOUT);
        token.verify(leaf, Clock.systemUTC());
        URI uri = URI.create(token.issuer() + "/.well-known/est/cacerts");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Accept", "application/pkcs7-mime")
                .build();
        HttpResponse<String> response = send(PinnedLeaf.trusting(leaf), request);
        if (response.statusCode() != 200) {
            throw new ZitiException("the controller at " + uri.getAuthority() + " does not give its CA bundle: HTTP "
                    + response.statusCode());
        }
        List<X509Certificate> bundle;
        try {
            bundle = CertsOnlyPkcs7.decodeBase64(response.body());
        } catch (IllegalArgumentException e) {
            throw new ZitiException(
                    "the CA bundle of the controller at " + uri.getAuthority() + ": " + e.getMessage(), e);
        }
        if (bundle.isEmpty()) {
            throw new ZitiException("the CA bundle of the controller at " + uri.getAuthority() + " is empty");
        }
        return bundle;
    }

    private static JsonNode enroll(
            EnrollmentToken token, List<X509Certificate> bundle, String contentType, String body) {
        URI uri = URI.create(ZitiIdentityFile.clientApi(token.issuer()) + "/enroll?method=" + token.method() + "&token="
                + URLEncoder.encode(token.secret(), StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = send(SslContexts.anonymousClient(TrustAnchors.of(bundle)), request);
        JsonNode answer = json(response.body());
        if (response.statusCode() != 200 || answer == null) {
            JsonNode error = answer == null ? JsonNodeFactory.instance.objectNode() : answer.path("error");
            throw new ZitiException("the controller at " + uri.getAuthority() + " refused the enrollment: HTTP "
                    + response.statusCode() + " " + error.path("code").asText("") + ": "
                    + error.path("message").asText("no explanation"));
        }
        return answer.path("data");
    }

    private static @Nullable JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            // The caller says what was expected.
            return null;
        }
    }

    private static HttpResponse<String> send(SSLContext tls, HttpRequest request) {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build();
        try {
            return http.send(request, BoundedText.upTo(MAX_ANSWER));
        } catch (IOException e) {
            throw new ZitiException(
                    "the controller at " + request.uri().getAuthority() + " cannot be asked: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ZitiException("interrupted while enrolling", e);
        }
    }
}
