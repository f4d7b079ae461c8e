package io.zitipekko.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.id.AuthenticatorId;
import io.zitipekko.actors.model.id.CaId;
import io.zitipekko.actors.model.id.ConfigId;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.api.client.ClientWorld.Answer;
import io.zitipekko.api.client.ClientWorld.Client;
import io.zitipekko.transport.identity.CertificateNames;
import io.zitipekko.transport.identity.Pem;
import io.zitipekko.transport.pki.AlternativeNames;
import io.zitipekko.transport.pki.CertificateAuthority;
import io.zitipekko.transport.pki.CertificateSubject;
import io.zitipekko.transport.pki.CertsOnlyPkcs7;
import io.zitipekko.transport.pki.Csr;
import io.zitipekko.transport.pki.KeyPairs;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientApiTest {
    private ClientWorld world;
    private Client client;
    private Client host;
    private Client nobody;
    private int count;

    @BeforeAll
    void start() throws Exception {
        world = new ClientWorld();
        world.identity("client", "clients");
        world.identity("host", "hosts");
        world.identity("outsider");
        world.config(
                "c1",
                "g7cIWbcGg",
                "{\"protocols\":[\"tcp\"],\"addresses\":[\"a.b\"],\"portRanges\":[{\"low\":1,\"high\":2}]}");
        world.service("echo", List.of(new ConfigId("c1")));
        world.service("hosted-only", List.of());
        world.router("online", true);
        world.router("offline", true);
        world.router("not-enrolled", false);
        world.servicePolicy("dial", PolicyType.DIAL, "#clients", "@echo");
        world.servicePolicy("bind", PolicyType.BIND, "#hosts", "#services");
        world.servicePolicy("client-binds", PolicyType.BIND, "#clients", "@hosted-only");
        world.routersForAll();
        client = world.enrolled("client").loggedIn();
        host = world.enrolled("host").loggedIn();
        nobody = world.anonymous();
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private static String csr(KeyPair keys, String name) {
        return Csr.create(CertificateSubject.commonName(name), AlternativeNames.NONE, keys)
                .pem();
    }

    private static List<String> texts(JsonNode array) {
        List<String> out = new ArrayList<>();
        array.forEach(node -> out.add(node.asText()));
        return out;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/version",
                "//version",
                "/edge/client/v1/version",
                "/edge/v1/version",
                "/edge/management/v1/version"
            })
    void theVersionIsToldUnderAllItsNames(String path) {
        Answer answer = nobody.call("GET", path, "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("ziti-instance-id")).isNotEmpty();
        JsonNode data = answer.data();
        assertThat(data.get("version").asText()).isEqualTo("v2.1.0");
        assertThat(data.get("capabilities").isArray()).isTrue();
        assertThat(data.get("capabilities")).isEmpty();
        assertThat(data.at("/apiVersions/edge/v1/path").asText()).isEqualTo("/edge/client/v1");
        assertThat(data.at("/apiVersions/edge/v1/apiBaseUrls/0").asText())
                .isEqualTo("https://localhost:1280/edge/client/v1");
        assertThat(data.at("/apiVersions/edge-management/v1/path").asText()).isEqualTo("/edge/management/v1");
        assertThat(data.at("/apiVersions/edge-oidc").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.well-known/est/cacerts", "/edge/client/v1/.well-known/est/cacerts"})
    void theAuthoritiesAreACertsOnlyMessage(String path) {
        Answer answer = nobody.call("GET", path, "");

        assertThat(answer.header("content-type")).startsWith("application/pkcs7-mime");
        assertThat(answer.header("content-transfer-encoding")).isEqualTo("base64");
        assertThat(CertsOnlyPkcs7.decodeBase64(answer.response().body())).containsExactly(world.root.certificate());
    }

    @Test
    void aCertificateLogsInAndTheAnswerHasWhatSdksRead() {
        Client fresh = world.enrolled(identity());

        Answer answer = fresh.post(
                "/authenticate?method=cert",
                "{\"configTypes\":[\"all\"],\"sdkInfo\":{\"type\":\"t\",\"appID\":\"x\"},\"envInfo\":{\"os\":\"o\",\"more\":{\"a\":1}}}");

        JsonNode data = answer.data();
        assertThat(answer.header("zt-session")).isEqualTo(data.get("token").asText());
        assertThat(answer.header("expiration-seconds")).isEqualTo("1800");
        assertThat(answer.header("expires-at"))
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d\\d \\+0000 UTC");
        assertThat(data.get("authQueries").isArray()).isTrue();
        assertThat(texts(data.get("configTypes"))).containsExactly("all");
        assertThat(data.get("id").asText()).isNotEqualTo(data.get("token").asText());
        assertThat(data.at("/identity/name").asText())
                .isEqualTo(data.get("identityId").asText());
        assertThat(data.get("isMfaRequired").asBoolean()).isFalse();
        assertThat(data.get("isCertExtendable").asBoolean()).isTrue();
        assertThat(data.get("expirationSeconds").asInt()).isEqualTo(1800);
        assertThat(OffsetDateTime.parse(data.get("expiresAt").asText()))
                .isEqualTo(OffsetDateTime.parse(data.get("lastActivityAt").asText())
                        .plusMinutes(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}"})
    void aLogInByCertificateNeedsNoBody(String body) {
        Client fresh = world.enrolled(identity());

        assertThat(fresh.post("/authenticate?method=cert", body).status()).isEqualTo(200);
        assertThat(fresh.call("POST", "/authenticate?method=cert", body).status())
                .isEqualTo(200);
    }

    @Test
    void refusedLogInsLookAllTheSame() {
        String id = identity();
        world.add(
                io.zitipekko.actors.model.type.Authenticators.TYPE,
                new Authenticator(
                        new AuthenticatorId("updb-" + id),
                        ClientWorld.meta(),
                        new IdentityId(id),
                        world.sessions
                                .passwords()
                                .hash("anna", "correct horse")
                                .toCompletableFuture()
                                .join()));

        Answer wrong =
                nobody.post("/authenticate?method=password", "{\"username\":\"anna\",\"password\":\"wrong horse\"}");
        Answer unknown =
                nobody.post("/authenticate?method=password", "{\"username\":\"nobody\",\"password\":\"wrong horse\"}");
        Answer noCertificate = nobody.post("/authenticate?method=cert", "");

        assertThat(List.of(wrong, unknown, noCertificate)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("INVALID_AUTH");
            assertThat(answer.header("zt-session")).isEmpty();
        });
        assertThat(nobody.post(
                                "/authenticate?method=password",
                                "{\"username\":\"anna\",\"password\":\"correct horse\"}")
                        .status())
                .isEqualTo(200);
        assertThat(nobody.post("/authenticate?method=nonsense", "").code()).isEqualTo("COULD_NOT_VALIDATE");
        assertThat(nobody.post("/authenticate", "").code()).isEqualTo("COULD_NOT_VALIDATE");
        assertThat(nobody.post("/authenticate?method=password", "{}").code()).isEqualTo("COULD_NOT_VALIDATE");
    }

    @Test
    void noTokenAndABadTokenAreToldApartOnlyInTheChallenge() {
        Answer none = nobody.get("/services");
        Client bad = world.anonymous();
        bad.token = "nobody's";
        Answer unknown = bad.get("/services");
        Answer bearer = nobody.get("/services", "authorization", "Bearer ey.ey.ey");

        assertThat(none.status()).isEqualTo(401);
        assertThat(none.code()).isEqualTo("UNAUTHORIZED");
        assertThat(none.header("www-authenticate")).contains("error=\"missing\"");
        assertThat(unknown.header("www-authenticate"))
                .isEqualTo("zt-session realm=\"zt-session\" error=\"invalid\" error_description=\"token is invalid\"");
        assertThat(bearer.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"openziti-oidc\" error=\"invalid\" error_description=\"token is invalid\"");
    }

    @Test
    void theCurrentSessionIsShownAndEndsOnLogOut() {
        Client fresh = world.enrolled(identity()).loggedIn();

        assertThat(fresh.get("/current-api-session").data().get("token").asText())
                .isEqualTo(fresh.token);
        assertThat(fresh.call("GET", "/current-api-session", "").status()).isEqualTo(200);
        assertThat(fresh.delete("/current-api-session").status()).isEqualTo(200);
        assertThat(fresh.get("/current-api-session").status()).isEqualTo(401);
    }

    @Test
    void anIdentitySeesItself() {
        JsonNode me = client.get("/current-identity").data();

        assertThat(me.get("id").asText()).isEqualTo("client");
        assertThat(me.at("/appData/color").asText()).isEqualTo("blue");
        assertThat(me.get("serviceHostingCosts").isObject()).isTrue();
        assertThat(me.get("interfaces").isArray()).isTrue();
        assertThat(me.get("authPolicyId").asText()).isEqualTo("default");
        assertThat(me.get("hasApiSession").asBoolean()).isTrue();
        assertThat(me.get("edgeRouterConnectionStatus").asText()).isEqualTo("offline");
        assertThat(host.get("/current-identity")
                        .data()
                        .get("edgeRouterConnectionStatus")
                        .asText())
                .isEqualTo("online");
        assertThat(me.at("/authenticators/cert/id").asText()).isEqualTo("cert-client");
    }

    @Test
    void enrolledRoutersAreListedWithTheirAddressWhenTheyAreOnline() {
        JsonNode routers = client.get("/current-identity/edge-routers").data();

        assertThat(routers).hasSize(2);
        JsonNode offline = routers.get(0);
        JsonNode online = routers.get(1);
        assertThat(online.get("name").asText()).isEqualTo("router online");
        assertThat(online.get("isOnline").asBoolean()).isTrue();
        assertThat(online.at("/supportedProtocols/tls").asText()).isEqualTo("tls://er.test:3022");
        assertThat(online.get("syncStatus").asText()).isEqualTo("SYNC_DONE");
        assertThat(offline.get("isOnline").asBoolean()).isFalse();
        assertThat(offline.get("supportedProtocols")).isEmpty();
    }

    @Test
    void onlyServicesThatTheIdentityMayUseAreListedWithTheirConfigs() {
        Answer answer = client.get("/services?configTypes=all&limit=100&offset=0");

        assertThat(answer.json().at("/meta/pagination/totalCount").asInt()).isEqualTo(2);
        JsonNode echo = answer.data().get(0);
        assertThat(echo.get("name").asText()).isEqualTo("echo");
        assertThat(texts(echo.get("permissions"))).containsExactly("Dial");
        assertThat(echo.at("/config/intercept.v1/addresses/0").asText()).isEqualTo("a.b");
        assertThat(echo.at("/postureQueries/0/policyType").asText()).isEqualTo("Dial");
        assertThat(echo.at("/postureQueries/0/isPassing").asBoolean()).isTrue();
        assertThat(echo.at("/postureQueries/0/postureQueries").isArray()).isTrue();
        assertThat(texts(answer.data().get(1).get("permissions"))).containsExactly("Bind");
        Client outsider = world.enrolled("outsider").loggedIn();
        assertThat(outsider.get("/services").data()).isEmpty();
        assertThat(outsider.get("/services/echo").status()).isEqualTo(404);
        assertThat(outsider.get("/services?filter=name%3D%22echo%22").data()).isEmpty();
    }

    @Test
    void configsAreGivenOnlyForTheTypesThatWereAskedFor() {
        assertThat(client.get("/services/echo?configTypes=host.v1").data().get("config"))
                .isEmpty();
        assertThat(client.get("/services/echo?configTypes=intercept.v1").data().get("config"))
                .hasSize(1);
        assertThat(client.get("/services/echo?configTypes=g7cIWbcGg").data().get("config"))
                .hasSize(1);
    }

    @Test
    void servicesAreFilteredByNameAndPaged() {
        Answer found = client.get("/services?filter=name%3D%22echo%22");
        Answer page = client.get("/services?limit=1&offset=1");

        assertThat(found.data()).hasSize(1);
        assertThat(client.get("/services?filter=name%20in%20%5B%22hosted-only%22,%22nope%22,%22echo%22%5D")
                        .data())
                .extracting(service -> service.get("name").asText())
                .containsExactly("echo", "hosted-only");
        assertThat(page.data()).hasSize(1);
        assertThat(page.json().at("/meta/pagination/totalCount").asInt()).isEqualTo(2);
        assertThat(page.json().at("/meta/pagination/offset").asInt()).isEqualTo(1);
        assertThat(client.get("/services?limit=501")
                        .json()
                        .at("/meta/pagination/limit")
                        .asInt())
                .isEqualTo(500);
        assertThat(client.get("/services?filter=name%20%3D").code()).isEqualTo("INVALID_FILTER");
        assertThat(client.get("/services?filter=nope%3D1").code()).isEqualTo("INVALID_FILTER");
        assertThat(client.get("/services?limit=abc").code()).isEqualTo("COULD_NOT_VALIDATE");
    }

    @Test
    void aSessionIsMadeOnceAndItsTokenNamesIt() throws Exception {
        Answer first = client.post("/sessions", "{\"serviceId\":\"echo\",\"type\":\"Dial\"}");
        Answer second = client.post("/sessions", "{\"serviceId\":\"echo\"}");

        assertThat(first.status()).isEqualTo(201);
        String id = first.data().get("id").asText();
        assertThat(second.data().get("id").asText()).isEqualTo(id);
        SignedJWT token = SignedJWT.parse(first.data().get("token").asText());
        assertThat(token.getJWTClaimsSet().getJWTID()).isEqualTo(id);
        assertThat(first.data().at("/edgeRouters/1/name").asText()).isEqualTo("router online");
        assertThat(first.data().at("/edgeRouters/1/supportedProtocols/tls").asText())
                .isEqualTo("tls://er.test:3022");
        assertThat(first.data().at("/edgeRouters/1/urls/tls").asText()).isEqualTo("tls://er.test:3022");
        JsonNode shown = client.get("/sessions/" + id).data();
        assertThat(shown.get("token").asText()).isEqualTo(id);
        assertThat(host.get("/sessions/" + id).status()).isEqualTo(404);
        assertThat(host.delete("/sessions/" + id).status()).isEqualTo(404);
        assertThat(client.get("/sessions").data().findValuesAsText("serviceId")).containsExactly("echo");
    }

    @Test
    void aServiceGuardedByPostureIsShownButGivesNoSession() {
        world.identity("guarded", "guarded");
        world.guardedPolicy("guarding", "#guarded", "@echo");
        Client guarded = world.enrolled("guarded").loggedIn();

        JsonNode shown = guarded.get("/services/echo").data();
        Answer refused = guarded.post("/sessions", "{\"serviceId\":\"echo\",\"type\":\"Dial\"}");

        assertThat(texts(shown.get("permissions"))).containsExactly("Dial");
        assertThat(shown.at("/postureQueries/0/policyId").asText()).isEqualTo("guarding");
        assertThat(shown.at("/postureQueries/0/isPassing").asBoolean()).isFalse();
        assertThat(shown.at("/postureQueries/0/postureQueries/0/queryType").asText())
                .isEqualTo("DOMAIN");
        assertThat(shown.at("/postureQueries/0/postureQueries/0/updatedAt").isTextual())
                .isTrue();
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("INVALID_POSTURE");
        assertThat(refused.json()
                        .at("/error/cause/data/guarding/0/postureCheckId")
                        .asText())
                .isEqualTo("guarding-check");
    }

    @Test
    void everyReasonAgainstASessionHasItsOwnAnswer() {
        List<AccessRefused> told = new CopyOnWriteArrayList<>();
        world.events.subscribe(AccessRefused.class, told::add);
        Answer unknown = client.post("/sessions", "{\"serviceId\":\"nope\",\"type\":\"Dial\"}");
        Answer noRight = client.post("/sessions", "{\"serviceId\":\"hosted-only\",\"type\":\"Dial\"}");
        Answer bogus = client.post("/sessions", "{\"serviceId\":\"echo\",\"type\":\"Bogus\"}");
        Answer broken = client.post("/sessions", "{\"serviceId\":");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(noRight.code()).isEqualTo("COULD_NOT_VALIDATE");
        assertThat(told)
                .extracting(AccessRefused::object)
                .containsExactly("DIAL service nope", "DIAL service hosted-only");
        assertThat(told).allSatisfy(event -> {
            assertThat(event.door()).isEqualTo(AccessRefused.Door.SERVICE);
            assertThat(event.subject()).startsWith("identity ");
            assertThat(event.from()).startsWith("127.0.0.1:");
        });
        assertThat(noRight.causeField()).isEqualTo("ServiceId");
        assertThat(bogus.code()).isEqualTo("COULD_NOT_VALIDATE");
        assertThat(bogus.causeField()).isEqualTo("type");
        assertThat(broken.code()).isEqualTo("COULD_NOT_PARSE_BODY");
    }

    @Test
    void theRoutersOfAServiceAreAnObjectAndABadSessionTokenIs401() {
        String token = host.post("/sessions", "{\"serviceId\":\"echo\",\"type\":\"Bind\"}")
                .data()
                .get("token")
                .asText();

        assertThat(host.get("/services/echo/edge-routers?offset=0&limit=100")
                        .data()
                        .get("edgeRouters"))
                .hasSize(2);
        assertThat(host.get("/services/echo/edge-routers", "session-token", token)
                        .status())
                .isEqualTo(200);
        assertThat(host.get("/services/echo/edge-routers", "session-token", "ey.ey.ey")
                        .status())
                .isEqualTo(401);
        assertThat(client.get("/services/echo/edge-routers", "session-token", token)
                        .status())
                .isEqualTo(401);
        assertThat(host.get("/services/hosted-only/edge-routers", "session-token", token)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void terminatorsOfAVisibleServiceAreListed() {
        JsonNode terminators = client.get("/services/echo/terminators").data();

        assertThat(terminators.get(0).get("identity").asText()).isEqualTo("instance");
        assertThat(terminators.get(0).get("routerId").asText()).isEqualTo("online");
        assertThat(terminators.get(0).at("/service/name").asText()).isEqualTo("echo");
    }

    @Test
    void serviceUpdatesStandStillUntilARightChanges() {
        world.identity("watcher", "watchers");
        Client watcher = world.enrolled("watcher").loggedIn();
        String first = watcher.get("/current-api-session/service-updates")
                .data()
                .get("lastChangeAt")
                .asText();

        assertThat(watcher.get("/current-api-session/service-updates")
                        .data()
                        .get("lastChangeAt")
                        .asText())
                .isEqualTo(first);
        world.servicePolicy("watch", PolicyType.DIAL, "#watchers", "@echo");
        String later = watcher.get("/current-api-session/service-updates")
                .data()
                .get("lastChangeAt")
                .asText();

        assertThat(Instant.parse(later)).isAfter(Instant.parse(first));
    }

    @Test
    @DisplayName("GHSA-6v5r-p2wr-q492: the list of session certificates was not limited to who asks")
    void aSessionCertificateIsIssuedListedAndTakenAwayByItsOwnSessionOnly() throws Exception {
        Answer issued = host.post(
                "/current-api-session/certificates",
                "{\"csr\":\""
                        + csr(KeyPairs.p256(), "ignored").replace("\r", "").replace("\n", "\\n") + "\"}");

        assertThat(issued.status()).isEqualTo(201);
        String id = issued.data().get("id").asText();
        var leaf = Pem.certificates(issued.data().get("certificate").asText()).get(0);
        assertThat(CertificateNames.spiffeId(leaf).orElseThrow().path())
                .startsWith("/identity/host/apiSession/")
                .endsWith("/apiSessionCertificate/" + id);
        assertThat(Pem.certificates(issued.data().get("cas").asText())).containsExactly(world.root.certificate());
        assertThat(host.get("/current-api-session/certificates/" + id).status()).isEqualTo(200);
        assertThat(client.get("/current-api-session/certificates/" + id).status())
                .isEqualTo(404);
        assertThat(client.delete("/current-api-session/certificates/" + id).status())
                .isEqualTo(404);
        assertThat(client.get("/current-api-session/certificates").data()).hasSize(1);
        assertThat(host.get("/current-api-session/certificates").data()).hasSize(2);
        assertThat(host.delete("/current-api-session/certificates/" + id).status())
                .isEqualTo(200);
        assertThat(host.post("/current-api-session/certificates", "{\"csr\":\"nonsense\"}")
                        .code())
                .isEqualTo("COULD_NOT_PROCESS_CSR");
    }

    @Test
    void postureReportsAreTakenWithTheStatusThatGeneratedClientsDemand() {
        assertThat(client.post("/posture-response-bulk", "[]").status()).isEqualTo(200);
        assertThat(client.post("/posture-response", "{\"id\":\"x\",\"typeId\":\"OS\"}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void theSmallEndpointsAnswer() throws Exception {
        assertThat(nobody.get("/protocols").data().at("/https/address").asText())
                .isEqualTo("localhost:1280");
        assertThat(nobody.get("/external-jwt-signers?limit=25&offset=0").data().isArray())
                .isTrue();
        assertThat(texts(nobody.get("/enumerated-capabilities").data())).contains("OIDC_AUTH");
        assertThat(client.get("/enumerated-router-capabilities").data()).isNotEmpty();
        assertThat(client.get("/controllers?limit=10&offset=0").data()).isEmpty();
        assertThat(nobody.get("/controllers").status()).isEqualTo(401);
        assertThat(nobody.get("/specs").status()).isEqualTo(200);
        SignedJWT network = SignedJWT.parse(
                nobody.get("/network-jwts").data().get(0).get("token").asText());
        assertThat(network.getJWTClaimsSet().getIssuer()).isEqualTo("https://localhost:1280/");
        assertThat(network.getJWTClaimsSet().getStringClaim("em")).isEqualTo("network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-pem-file", "text/plain", "application/pkcs7", "application/json"})
    void ottEnrolsWithEveryContentTypeAndTheCertificateLogsIn(String type) throws Exception {
        String id = identity();
        Enrollment enrollment = world.enrollment(world.sessions.enrollments().prepareOtt(new IdentityId(id), null));
        KeyPair keys = KeyPairs.p256();
        String request = csr(keys, enrollment.token());
        String body = type.equals("application/json")
                ? "{\"clientCsr\":\"" + request.replace("\r", "").replace("\n", "\\n") + "\"}"
                : request;

        Answer answer = nobody.post("/enroll?method=ott&token=" + enrollment.token(), body, "content-type", type);

        assertThat(answer.response().headers().allValues("content-type")).containsExactly("application/json");
        Client enrolled = world.with(Pem.certificates(answer.data().get("cert").asText()), keys);
        assertThat(enrolled.post("/authenticate?method=cert", "null").status()).isEqualTo(200);
        Answer again = nobody.post("/enroll?method=ott&token=" + enrollment.token(), body, "content-type", type);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.code()).isEqualTo("INVALID_ENROLLMENT_TOKEN");
    }

    @Test
    void enrolmentRefusalsHaveOpenZitisCodes() {
        String token = world.enrollment(world.sessions.enrollments().prepareOtt(new IdentityId(identity()), null))
                .token();
        String csr = csr(KeyPairs.p256(), "x");
        String pem = "application/x-pem-file";

        assertThat(nobody.post("/enroll?method=ott&token=nobody", csr, "content-type", pem)
                        .code())
                .isEqualTo("INVALID_ENROLLMENT_TOKEN");
        assertThat(nobody.post("/enroll?method=bogus&token=" + token, csr, "content-type", pem)
                        .code())
                .isEqualTo("INVALID_ENROLL_METHOD");
        assertThat(nobody.post("/enroll?method=updb&token=" + token, csr, "content-type", pem)
                        .code())
                .isEqualTo("INVALID_ENROLL_METHOD");
        assertThat(nobody.post("/enroll?method=ott&token=" + token, "junk", "content-type", pem)
                        .code())
                .isEqualTo("COULD_NOT_PROCESS_CSR");
        assertThat(nobody.post("/enroll?method=ott&token=" + token, "").code()).isEqualTo("COULD_NOT_PROCESS_CSR");
        assertThat(nobody.post("/enroll?method=ott&token=" + token, csr, "content-type", "image/png")
                        .status())
                .isEqualTo(415);
        assertThat(nobody.post("/enroll?method=ca", "").code()).isEqualTo("ENROLLMENT_NO_VALID_CAS");
    }

    @Test
    void updbEnrolsAndThePasswordLogsIn() {
        String token = world.enrollment(
                        world.sessions.enrollments().prepareUpdb(new IdentityId(identity()), "bert", null))
                .token();

        Answer answer = nobody.post(
                "/enroll?method=updb&token=" + token, "{\"username\":\"bert\",\"password\":\"long enough\"}");

        assertThat(answer.data().get("username").asText()).isEqualTo("bert");
        assertThat(nobody.post("/authenticate?method=password", "{\"username\":\"bert\",\"password\":\"long enough\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aRouterEnrolsWithTwoRequestsOneOfWhichNamesIt() {
        world.router("joining", false);
        String token = world.enrollment(world.sessions.enrollments().prepareRouter(new RouterId("joining"), null))
                .token();
        KeyPair keys = KeyPairs.p256();
        String good = "{\"certCsr\":\"%s\",\"serverCertCsr\":\"%s\"}"
                .formatted(csr(keys, "joining"), csr(keys, "anything"))
                .replace("\r", "")
                .replace("\n", "\\n");
        String other = "{\"certCsr\":\"%s\",\"serverCertCsr\":\"%s\"}"
                .formatted(csr(keys, "other"), csr(keys, "anything"))
                .replace("\r", "")
                .replace("\n", "\\n");

        Answer refused = nobody.post("/enroll?method=erott&token=" + token, other);
        Answer enrolled = nobody.post("/enroll?method=erott&token=" + token, good);

        assertThat(refused.code()).isEqualTo("COULD_NOT_PROCESS_CSR");
        assertThat(refused.json().at("/error/cause/code").asText()).isEqualTo("UNHANDLED");
        assertThat(refused.json().at("/error/cause/message").asText()).isEqualTo("invalid client CSR");
        assertThat(enrolled.status()).isEqualTo(200);
        Client router = world.with(Pem.certificates(enrolled.data().get("cert").asText()), keys);
        assertThat(router.post("/enroll/extend/router", good).status()).isEqualTo(200);
        assertThat(router.post("/enroll/extend/router", good).status())
                .as("the certificate was replaced by the renewal")
                .isEqualTo(401);
        assertThat(nobody.post("/enroll/extend/router", "{}").code()).isEqualTo("COULD_NOT_VALIDATE");
    }

    @Test
    void anIdentitySeesAndRenewsItsOwnAuthenticatorsOnly() {
        JsonNode own = client.get("/current-identity/authenticators").data();

        assertThat(own).hasSize(1);
        assertThat(own.get(0).get("method").asText()).isEqualTo("cert");
        assertThat(client.get("/current-identity/authenticators/cert-host").status())
                .isEqualTo(404);
        Answer extended = client.post(
                "/current-identity/authenticators/cert-client/extend",
                "{\"clientCertCsr\":\""
                        + csr(KeyPairs.p256(), "client").replace("\r", "").replace("\n", "\\n") + "\"}");
        assertThat(extended.data().get("clientCert").asText()).contains("BEGIN CERTIFICATE");
        assertThat(client.post("/current-identity/authenticators/cert-client/extend-verify", "{\"clientCert\":\"x\"}")
                        .code())
                .isEqualTo("INVALID_CLIENT_CERT");
    }

    @Test
    void theManagementApiOffersTheSameLogIn() {
        Client fresh = world.enrolled(identity());

        Answer answer = fresh.call("POST", "/edge/management/v1/authenticate?method=cert", "");

        fresh.token = answer.data().get("token").asText();
        assertThat(fresh.call("GET", "/edge/management/v1/current-api-session", "")
                        .status())
                .isEqualTo(200);
        assertThat(fresh.call("GET", "/edge/management/v1/current-identity", "").status())
                .isEqualTo(200);
    }

    @Test
    void aCertificateOfAThirdPartysAuthorityEnrollsWithATokenAndByItself() {
        CertificateAuthority authority = CertificateAuthority.selfSignedRoot(
                CertificateSubject.commonName("third party"), KeyPairs.p256(), "other", Duration.ofDays(2));
        CaId ca = world.authority("third-party", authority);
        String invited = identity();
        String token = world.enrollment(world.sessions.enrollments().prepareOttCa(new IdentityId(invited), ca, null))
                .token();
        Client withToken = ofAuthority(authority, "invited");
        Client byItself = ofAuthority(authority, "uninvited");

        Answer first = withToken.post("/enroll?method=ottca&token=" + token, "");
        Answer second = byItself.post("/enroll/ca", "{\"name\":\"wanted\"}");

        assertThat(first.data().toString()).isEqualTo("{\"controllers\":[]}");
        assertThat(second.data().toString()).isEqualTo("{\"controllers\":[]}");
        assertThat(withToken
                        .post("/authenticate?method=cert", "null")
                        .data()
                        .get("identityId")
                        .asText())
                .isEqualTo(invited);
        assertThat(byItself.post("/authenticate?method=cert", "null")
                        .data()
                        .at("/identity/name")
                        .asText())
                .isEqualTo("third-party-uninvited");
        assertThat(byItself.post("/enroll?method=ca", "").code()).isEqualTo("CERT_IN_USE");
        assertThat(world.anonymous().post("/enroll?method=ca", "").code()).isEqualTo("CERT_FAILED_VALIDATION");
        assertThat(withToken.post("/enroll/ottca?token=" + token, "").code()).isEqualTo("INVALID_ENROLLMENT_TOKEN");
        // The other tests' network has no authority that enrolls by itself.
        world.withdraw(ca);
        assertThat(byItself.post("/authenticate?method=cert", "null").status()).isEqualTo(401);
    }

    private Client ofAuthority(CertificateAuthority authority, String commonName) {
        KeyPair keys = KeyPairs.p256();
        return world.with(
                List.of(authority.issueClient(
                        CertificateSubject.of(commonName, keys.getPublic(), AlternativeNames.NONE),
                        Duration.ofDays(1))),
                keys);
    }

    private String identity() {
        String id = "identity-" + count++;
        world.identity(id);
        return id;
    }
}
