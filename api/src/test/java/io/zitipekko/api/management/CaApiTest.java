package io.zitipekko.api.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.api.http.Json;
import io.zitipekko.transport.identity.Fingerprint;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.KeyPairs;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /cas} of the management API. protocol/06 section 6.8. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CaApiTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String CLAIM =
            "{\"location\":\"SAN_URI\",\"matcher\":\"SCHEME\",\"matcherCriteria\":\"spiffe\",\"parser\":\"SPLIT\","
                    + "\"parserCriteria\":\"/\",\"index\":2}";

    private ManagementWorld world;

    @BeforeAll
    void start() {
        world = new ManagementWorld();
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private static CertificateAuthority authority(String name) {
        return CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName(name), KeyPairs.p256(), "other", Duration.ofDays(10));
    }

    private static String leaf(CertificateAuthority authority, String commonName) {
        return Pem.write(authority.issueClient(
                CertificateSubject.of(commonName, KeyPairs.p256().getPublic(), AlternativeNames.NONE), DAY));
    }

    private static ObjectNode body(String name, CertificateAuthority authority) {
        ObjectNode body = Json.object()
                .put("name", name)
                .put("certPem", Pem.write(authority.certificate()))
                .put("isAuthEnabled", true)
                .put("isOttCaEnrollmentEnabled", false)
                .put("isAutoCaEnrollmentEnabled", false);
        body.putArray("identityRoles").add("made");
        return body;
    }

    private String created(String name, CertificateAuthority authority) {
        return world.post("cas", body(name, authority).toString()).id();
    }

    private JsonNode shown(String id) {
        return world.get("cas/" + id).data();
    }

    private String token(String id) {
        return shown(id).get("verificationToken").asText();
    }

    private void verified(String id, CertificateAuthority authority) {
        world.post("cas/" + id + "/verify", leaf(authority, token(id))).ok();
    }

    @Test
    void whatIsCreatedIsShownWithItsFingerprintAndAToken() {
        CertificateAuthority authority = authority("shown");

        JsonNode shown = shown(created("shown", authority));

        assertThat(shown.get("name").asText()).isEqualTo("shown");
        assertThat(shown.get("fingerprint").asText())
                .isEqualTo(Fingerprint.of(authority.certificate()).hex());
        assertThat(shown.get("certPem").asText()).isEqualTo(Pem.write(authority.certificate()));
        assertThat(shown.get("isVerified").asBoolean()).isFalse();
        assertThat(shown.get("verificationToken").asText()).isNotBlank();
        assertThat(shown.get("isAuthEnabled").asBoolean()).isTrue();
        assertThat(shown.get("isOttCaEnrollmentEnabled").asBoolean()).isFalse();
        assertThat(shown.get("isAutoCaEnrollmentEnabled").asBoolean()).isFalse();
        assertThat(shown.get("identityRoles").toString()).isEqualTo("[\"made\"]");
        assertThat(shown.get("identityNameFormat").asText()).isEqualTo("[caName]-[commonName]");
        assertThat(shown.has("externalIdClaim")).isFalse();
        assertThat(shown.at("/_links/verify/href").asText()).endsWith("/verify");
        assertThat(shown.at("/_links").has("jwt")).isFalse();
    }

    @Test
    void listsArePagedSortedAndFiltered() {
        CertificateAuthority first = authority("listed-a");
        String id = created("listed-a", first);
        created("listed-b", authority("listed-b"));
        verified(id, first);

        String ours = "name contains \"listed-\"";
        assertThat(world.filtered("cas", ours + " sort by name desc limit 1").names())
                .containsExactly("listed-b");
        assertThat(world.filtered("cas", ours + " sort by name skip 1 limit 1").names())
                .containsExactly("listed-b");
        assertThat(world.filtered("cas", ours + " limit 1").total()).isEqualTo(2);
        assertThat(world.filtered("cas", ours + " and isVerified = true").names())
                .containsExactly("listed-a");
        assertThat(world.filtered("cas", "fingerprint = \"" + Fingerprint.of(first.certificate()) + "\"")
                        .names())
                .containsExactly("listed-a");
        assertThat(world.filtered("cas", ours + " and isAuthEnabled = false").names())
                .isEmpty();
        world.filtered("cas", "certPem = \"x\"").refused(400, "INVALID_FILTER");
        assertThat(world.get("summary").data().get("cas").asInt()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void everyFieldIsNeededAndChecked() {
        CertificateAuthority authority = authority("checked");
        for (String field : List.of(
                "name",
                "certPem",
                "isAuthEnabled",
                "isOttCaEnrollmentEnabled",
                "isAutoCaEnrollmentEnabled",
                "identityRoles")) {
            ObjectNode body = body("checked", authority);
            body.remove(field);
            world.post("cas", body.toString())
                    .refused(400, "COULD_NOT_VALIDATE")
                    .blaming(field);
        }
        world.post("cas", body("checked", authority).put("certPem", "no PEM").toString())
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("certPem");
        world.post(
                        "cas",
                        body("checked", authority)
                                .put("certPem", leaf(authority, "leaf"))
                                .toString())
                .refused(400, "CERTIFICATE_IS_NOT_CA");
        world.post("cas", body("checked", authority).put("isAuthEnabled", "yes").toString())
                .refused(400, "COULD_NOT_PARSE_BODY");
    }

    @Test
    void nameAndCertificateAreUnique() {
        CertificateAuthority authority = authority("unique");
        created("unique", authority);

        world.post("cas", body("unique", authority("other")).toString())
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("name");
        world.post("cas", body("unique too", authority).toString())
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("certPem");
    }

    @Test
    void replacingAndPatchingLeaveTheCertificateAndWhatWasShownOfIt() {
        CertificateAuthority authority = authority("changed");
        String id = created("changed", authority);
        verified(id, authority);
        ObjectNode replacement = body("replaced", authority("another")).put("identityNameFormat", "[commonName]");

        world.put("cas/" + id, replacement.put("isAuthEnabled", false).toString())
                .ok();
        JsonNode replaced = shown(id);
        world.patch("cas/" + id, "{\"isAuthEnabled\":true}").ok();
        JsonNode patched = shown(id);
        replacement.remove("isAuthEnabled");

        assertThat(replaced.get("name").asText()).isEqualTo("replaced");
        assertThat(replaced.get("isAuthEnabled").asBoolean()).isFalse();
        assertThat(replaced.get("identityNameFormat").asText()).isEqualTo("[commonName]");
        assertThat(replaced.get("certPem").asText()).isEqualTo(Pem.write(authority.certificate()));
        assertThat(replaced.get("isVerified").asBoolean()).isTrue();
        assertThat(patched.get("isAuthEnabled").asBoolean()).isTrue();
        assertThat(patched.get("name").asText()).isEqualTo("replaced");
        world.put("cas/" + id, replacement.toString())
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("isAuthEnabled");
    }

    @Test
    void theClaimHasAllItsKeysOrNoneAndAnEmptyOneInAPatchSaysNothing() throws JsonProcessingException {
        CertificateAuthority authority = authority("claiming");
        ObjectNode body = body("claiming", authority);
        body.set("externalIdClaim", Json.mapper().readTree(CLAIM));
        String id = world.post("cas", body.toString()).id();

        world.patch("cas/" + id, "{\"externalIdClaim\":{}}").ok();
        assertThat(shown(id).get("externalIdClaim")).isEqualTo(Json.mapper().readTree(CLAIM));
        world.patch("cas/" + id, "{\"externalIdClaim\":{\"location\":\"SAN_URI\"}}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("externalIdClaim.matcher");
        world.patch("cas/" + id, "{\"externalIdClaim\":" + CLAIM.replace("SAN_URI", "FOREHEAD") + "}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("externalIdClaim.location");
        world.patch("cas/" + id, "{\"externalIdClaim\":" + CLAIM.replace(":2}", ":-1}") + "}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("externalIdClaim.index");
        world.put("cas/" + id, body("claiming", authority).toString()).ok();
        assertThat(shown(id).has("externalIdClaim")).isFalse();
    }

    @Test
    void verificationRefusesInOpenZitisOrder() {
        CertificateAuthority authority = authority("verified");
        String id = created("verified", authority);
        String path = "cas/" + id + "/verify";

        world.post("cas/nobody/verify", "").refused(404, "NOT_FOUND");
        world.post(path, "").refused(400, "COULD_NOT_PARSE_BODY");
        world.post(path, "no PEM at all").refused(400, "EXPECTED_PEM_CERTIFICATE");
        world.post(path, Pem.write(KeyPairs.p256().getPrivate())).refused(400, "EXPECTED_PEM_CERTIFICATE");
        world.post(path, Pem.block("CERTIFICATE", new byte[] {1, 2, 3})).refused(400, "COULD_NOT_PARSE_DER_BLOCK");
        world.post(path, leaf(authority("stranger"), "something else")).refused(400, "INVALID_COMMON_NAME");
        world.post(path, leaf(authority("stranger"), token(id))).refused(400, "CERTIFICATE_FAILED_VALIDATION");
        assertThat(shown(id).get("isVerified").asBoolean()).isFalse();

        world.post(path, leaf(authority, token(id))).ok();

        assertThat(shown(id).get("isVerified").asBoolean()).isTrue();
        assertThat(shown(id).at("/_links").has("verify")).isFalse();
        world.post(path, "").refused(409, "CA_ALREADY_VERIFIED");
    }

    @Test
    void itsTokenSaysWhereItEnrolsAndNothingElse() throws ParseException {
        String id = created("enrolling", authority("enrolling"));
        world.patch("cas/" + id, "{\"isAutoCaEnrollmentEnabled\":true}").ok();

        String jwt = world.get("cas/" + id + "/jwt").ok().text();

        var claims = SignedJWT.parse(jwt).getJWTClaimsSet();
        assertThat(claims.getClaim("em")).isEqualTo("ca");
        assertThat(claims.getIssuer()).isEqualTo("https://localhost:1280/");
        assertThat(claims.getSubject()).isEqualTo(id);
        assertThat(claims.getJWTID()).isEqualTo(id);
        assertThat(claims.getExpirationTime()).isNull();
        assertThat(shown(id).at("/_links/jwt/href").asText()).isEqualTo("./cas/" + id + "/jwt");
        world.get("cas/nobody/jwt").refused(404, "NOT_FOUND");
    }

    @Test
    void anIdentityMayWaitForACertificateOfIt() {
        String id = created("awaited", authority("awaited"));

        String identity = world.post(
                        "identities",
                        "{\"name\":\"awaiting\",\"type\":\"Default\",\"isAdmin\":false,\"enrollment\":{\"ottca\":\""
                                + id + "\"}}")
                .id();
        JsonNode enrollment =
                world.filtered("enrollments", "caId = \"" + id + "\"").data().get(0);

        assertThat(enrollment.get("method").asText()).isEqualTo("ottca");
        assertThat(enrollment.get("caId").asText()).isEqualTo(id);
        assertThat(enrollment.get("identityId").asText()).isEqualTo(identity);
        assertThat(world.get("identities/" + identity)
                        .data()
                        .at("/enrollment/ottca/token")
                        .asText())
                .isEqualTo(enrollment.get("token").asText());
        world.post(
                        "identities",
                        "{\"name\":\"lost\",\"type\":\"Default\",\"isAdmin\":false,\"enrollment\":{\"ottca\":\"nobody\"}}")
                .refused(404, "NOT_FOUND")
                .blaming("enrollment.ottca");

        world.delete("enrollments/" + enrollment.get("id").asText()).ok();
        String again = "{\"identityId\":\"" + identity
                + "\",\"method\":\"ottca\",\"expiresAt\":\"2100-01-01T00:00:00Z\",\"caId\":\"" + id + "\"}";
        world.post("enrollments", again.replace(id, "nobody"))
                .refused(404, "NOT_FOUND")
                .blaming("caId");
        String renewed = world.post("enrollments", again).id();
        world.delete("cas/" + id).ok();
        world.get("enrollments/" + renewed).refused(404, "NOT_FOUND");
        world.get("identities/" + identity).ok();
    }

    @Test
    void whoHasACertificateOfItIsToldToBringAnotherOne() {
        CertificateAuthority authority = authority("again");
        String id = created("again", authority);
        String identity = world.post("identities", "{\"name\":\"again\",\"type\":\"Default\",\"isAdmin\":false}")
                .id();
        String authenticator = world.post(
                        "authenticators",
                        Json.object()
                                .put("identityId", identity)
                                .put("method", "cert")
                                .put("certPem", leaf(authority, "again"))
                                .toString())
                .id();

        String enrollment = world.post(
                        "authenticators/" + authenticator + "/re-enroll", "{\"expiresAt\":\"2100-01-01T00:00:00Z\"}")
                .id();

        JsonNode shown = world.get("enrollments/" + enrollment).data();
        assertThat(shown.get("method").asText()).isEqualTo("ottca");
        assertThat(shown.get("caId").asText()).isEqualTo(id);
        assertThat(shown.get("identityId").asText()).isEqualTo(identity);
        world.get("authenticators/" + authenticator).refused(404, "NOT_FOUND");
    }

    @Test
    void whatIsDeletedIsGone() {
        String id = created("deleted", authority("deleted"));

        world.delete("cas/" + id).ok();

        world.get("cas/" + id).refused(404, "NOT_FOUND");
        world.delete("cas/" + id).refused(404, "NOT_FOUND");
        world.patch("cas/" + id, "{}").refused(404, "NOT_FOUND");
    }

    @Test
    void whoMayOnlyReadOrHasAnotherPermissionChangesNothing() {
        String id = created("guarded", authority("guarded"));
        String path = "/edge/management/v1/cas/" + id;

        assertThat(world.send("GET", path, "", world.token("reader")).status()).isEqualTo(200);
        for (String user : List.of("reader", "keeper")) {
            String session = world.token(user);
            world.send("PATCH", path, "{\"isAuthEnabled\":false}", session).refused(401, "UNAUTHORIZED");
            world.send("POST", path + "/verify", "", session).refused(401, "UNAUTHORIZED");
            world.send("DELETE", path, "", session).refused(401, "UNAUTHORIZED");
        }
        world.send("GET", path, "", world.token("keeper")).refused(401, "UNAUTHORIZED");
    }
}
