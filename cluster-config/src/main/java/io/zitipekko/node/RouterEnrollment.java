package io.zitipekko.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.router.RouterSettings;
import io.zitipekko.config.RouterFile;
import io.zitipekko.pki.PkiFolder;
import io.zitipekko.transport.address.TransportAddress;
import io.zitipekko.transport.identity.InvalidIdentityException;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Gets a router's certificates with its one-time token and writes them where its file says (protocol/03 section 5.2). Blocking. */
public final class RouterEnrollment {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RouterEnrollment() {}

    /**
     * Enrols. An existing key is used again, a missing one made (EC P-256).
     *
     * @return the router's id
     * @throws NodeException with the one cause; the token stays usable unless the controller took it
     */
    public static String enroll(RouterFile file, String token) {
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            jwt = SignedJWT.parse(token);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            throw new NodeException("this is not an enrolment token: " + e.getMessage(), e);
        }
        String method = String.valueOf(claims.getClaim("em"));
        if (!method.equals("erott") && !method.equals("trott")) {
            throw new NodeException("this token is for method '" + method + "' (expected: a router's, erott)");
        }
        String issuer = claims.getIssuer() == null ? "" : claims.getIssuer().replaceFirst("/+$", "");
        if (!issuer.startsWith("https://") || claims.getSubject() == null || claims.getJWTID() == null) {
            throw new NodeException("this token lacks its issuer, subject or id: ask for a new one");
        }
        PinnedHttp http = new PinnedHttp(issuer);
        // Any request will do: it shows the certificate with whose key the token must be signed.
        HttpResponse<String> authorities = http.send("GET", "/edge/client/v1/.well-known/est/cacerts", "", "");
        verify(jwt, http);
        if (authorities.statusCode() != 200) {
            throw new NodeException(
                    issuer + " does not tell its authorities (status " + authorities.statusCode() + ")");
        }
        KeyPair keys = keys(file);
        Csr csr = Csr.create(subject(file.csr(), claims.getSubject()), names(file.csr()), keys);
        JsonNode data = post(http, method, claims.getJWTID(), csr);
        String cert = required(data, "cert");
        String serverCert = required(data, "serverCert");
        String ca = required(data, "ca");
        PkiFolder.write(path(file.identity().cert(), "identity.cert"), cert, "rw-------");
        PkiFolder.write(path(file.identity().serverCert(), "identity.server_cert"), serverCert, "rw-------");
        PkiFolder.write(path(file.identity().ca(), "identity.ca"), ca, "rw-------");
        new EndpointsFile(file.endpointsFile())
                .write(file.endpoints().isEmpty() ? controllers(claims) : file.endpoints());
        return claims.getSubject();
    }

    private static void verify(SignedJWT jwt, PinnedHttp http) {
        try {
            JWSVerifier verifier = new DefaultJWSVerifierFactory()
                    .createJWSVerifier(jwt.getHeader(), http.leaf().getPublicKey());
            if (!jwt.verify(verifier)) {
                throw new NodeException(
                        "the token was not signed by the controller that answers at its address: it is forged, or the "
                                + "controller's certificate was changed since; ask for a new one");
            }
        } catch (JOSEException e) {
            throw new NodeException("the token's signature cannot be checked: " + e.getMessage(), e);
        }
    }

    private static KeyPair keys(RouterFile file) {
        Path key = path(file.identity().key(), "identity.key");
        try {
            if (Files.exists(key)) {
                return KeyPairs.of(Pem.privateKey(Files.readString(key)));
            }
        } catch (IOException | IllegalArgumentException | InvalidIdentityException e) {
            throw new NodeException("identity.key: " + key + " cannot be used: " + e.getMessage(), e);
        }
        KeyPair made = KeyPairs.p256();
        PkiFolder.write(key, Pem.write(made.getPrivate()), "rw-------");
        return made;
    }

    private static Path path(@Nullable String value, String name) {
        if (value == null) {
            throw new NodeException(name + " is missing: enrolment writes there");
        }
        if (value.startsWith("pem:") || value.startsWith("-----BEGIN")) {
            throw new NodeException(name + " is inline PEM (expected: a file, enrolment writes there)");
        }
        return Path.of(
                value.startsWith("file://")
                        ? value.substring(7)
                        : value.startsWith("file:") ? value.substring(5) : value);
    }

    private static X500Principal subject(RouterSettings.Csr csr, String id) {
        List<String> parts = new ArrayList<>(List.of("CN=" + escaped(id)));
        Map<String, String> rest = new LinkedHashMap<>();
        rest.put("OU", csr.organizationalUnit());
        rest.put("O", csr.organization());
        rest.put("L", csr.locality());
        rest.put("ST", csr.province());
        rest.put("C", csr.country());
        rest.forEach((k, v) -> {
            if (!v.isBlank()) {
                parts.add(k + "=" + escaped(v));
            }
        });
        return new X500Principal(String.join(",", parts));
    }

    private static String escaped(String value) {
        return value.replaceAll("([,+\"\\\\<>;=#])", "\\\\$1");
    }

    private static AlternativeNames names(RouterSettings.Csr csr) {
        return new AlternativeNames(csr.dnsNames(), csr.ipAddresses(), csr.uris(), csr.emails());
    }

    private static JsonNode post(PinnedHttp http, String method, String token, Csr csr) {
        String body = JSON.createObjectNode()
                .put("certCsr", csr.pem())
                .put("serverCertCsr", csr.pem())
                .toString();
        HttpResponse<String> answer = http.send(
                "POST", "/edge/client/v1/enroll?method=" + method + "&token=" + token, "application/json", body);
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                JsonNode error = json.path("error");
                throw new NodeException("the controller refuses the enrolment: "
                        + error.path("code").asText("status " + answer.statusCode()) + ": "
                        + error.path("message").asText()
                        + " (a token works once: ask for a new one if this one was used)");
            }
            return json.path("data");
        } catch (JsonProcessingException e) {
            throw new NodeException(
                    "the controller's answer to the enrolment is not JSON (status " + answer.statusCode() + ")", e);
        }
    }

    private static String required(JsonNode data, String field) {
        String text = data.path(field).asText("");
        if (text.isBlank()) {
            throw new NodeException("the controller's answer to the enrolment lacks '" + field + "'");
        }
        return text;
    }

    private static List<TransportAddress> controllers(JWTClaimsSet claims) {
        List<String> addresses = new ArrayList<>();
        if (claims.getClaim("ctrls") instanceof List<?> several) {
            several.forEach(a -> addresses.add(String.valueOf(a)));
        } else if (claims.getClaim("ctrl") instanceof String one) {
            addresses.add(one);
        }
        return addresses.stream().map(TransportAddress::parse).toList();
    }
}
