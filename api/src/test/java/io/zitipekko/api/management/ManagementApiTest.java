package io.zitipekko.api.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.api.management.ManagementWorld.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ManagementApiTest {
    private static ManagementWorld world;

    @BeforeAll
    static void start() {
        world = new ManagementWorld();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void aNewIdentityIsReadBackWithItsEnrollment() {
        Answer made = world.post(
                "identities",
                """
                {"name":"ivy","type":"User","isAdmin":false,"enrollment":{"ott":true},"roleAttributes":["b","a"],
                 "permissions":null,"tags":{"k":1,"n":null},"appData":{"deep":{"er":[1]}},"unknown":{"x":[]}}""");
        assertThat(made.json().at("/data/_links/self/href").asText()).isEqualTo("./identities/" + made.id());
        assertThat(made.json().get("meta").isEmpty()).isTrue();

        JsonNode ivy = world.get("identities/" + made.id()).data();

        assertThat(ivy.get("typeId").asText()).isEqualTo("Default");
        assertThat(ivy.get("roleAttributes").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(ivy.get("authPolicyId").asText()).isEqualTo("default");
        assertThat(ivy.get("externalId").isNull()).isTrue();
        assertThat(ivy.at("/enrollment/ott/jwt").asText().split("\\.")).hasSize(3);
        assertThat(ivy.get("tags").toString()).isEqualTo("{\"k\":1,\"n\":null}");
        assertThat(ivy.at("/appData/deep/er/0").asInt()).isEqualTo(1);
        assertThat(ivy.get("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(ivy.get("authenticators").isEmpty()).isTrue();
        assertThat(world.get("identities/" + made.id() + "/enrollments")
                        .data()
                        .get(0)
                        .get("method")
                        .asText())
                .isEqualTo("ott");
    }

    @Test
    void whatIsMissingOrTakenIsNamed() {
        world.post("services", "{\"name\":\"taken\",\"encryptionRequired\":true}")
                .id();

        world.post("services", "{\"name\":\"taken\",\"encryptionRequired\":true}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("name");
        world.post("services", "{\"encryptionRequired\":true}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("name");
        world.post("services", "{\"name\":\"x\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("encryptionRequired");
        world.post("services", "{\"name\":5,\"encryptionRequired\":true}").refused(400, "COULD_NOT_PARSE_BODY");
        world.post("services", "{\"name\":\"\",\"encryptionRequired\":true}").refused(400, "COULD_NOT_VALIDATE");
        world.post("services", "{\"name\":\"x\",\"encryptionRequired\":true,\"configs\":[\"nope\"]}")
                .refused(404, "NOT_FOUND");
        world.post("services", "{\"name\":\"x\",\"encryptionRequired\":true,\"terminatorStrategy\":\"magic\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("terminatorStrategy");
        world.post("services", "{\"name\":\"x\",\"encryptionRequired\":true,\"roleAttributes\":[\"#a\"]}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("roleAttributes");
        world.post("services", "{\"name\":\"x\",\"encryptionRequired\":true,\"tags\":{\"a\":{}}}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("tags");
        world.post("services", "{\"name\":").refused(400, "COULD_NOT_PARSE_BODY");
        world.get("services/nope").refused(404, "NOT_FOUND");
        world.delete("services/nope").refused(404, "NOT_FOUND");
        world.patch("services/nope", "{}").refused(404, "NOT_FOUND");
    }

    @Test
    void patchChangesOnlyWhatIsPresentAndNotNull() {
        String id = world.post(
                        "services",
                        """
                        {"name":"patched","encryptionRequired":true,"roleAttributes":["a"],"maxIdleTimeMillis":5,
                         "tags":{"a":1,"b":2}}""")
                .id();

        world.patch("services/" + id, "{\"maxIdleTimeMillis\":7,\"roleAttributes\":null,\"encryptionRequired\":false}")
                .ok();
        JsonNode after = world.get("services/" + id).data();
        assertThat(after.get("name").asText()).isEqualTo("patched");
        assertThat(after.get("roleAttributes").toString()).isEqualTo("[\"a\"]");
        assertThat(after.get("maxIdleTimeMillis").asInt()).isEqualTo(7);
        assertThat(after.get("encryptionRequired").asBoolean()).isTrue();
        assertThat(after.get("tags").toString()).isEqualTo("{\"a\":1,\"b\":2}");

        world.patch("services/" + id, "{\"tags\":{\"c\":3},\"roleAttributes\":[]}")
                .ok();
        after = world.get("services/" + id).data();
        assertThat(after.get("tags").toString()).isEqualTo("{\"c\":3}");
        assertThat(after.get("roleAttributes").isEmpty()).isTrue();

        world.patch("services/" + id, "{\"tags\":{}}").ok();
        assertThat(world.get("services/" + id).data().get("tags").isEmpty()).isTrue();
    }

    @Test
    void putReplacesEverything() {
        String id = world.post(
                        "services",
                        "{\"name\":\"replaced\",\"encryptionRequired\":true,\"roleAttributes\":[\"a\"],\"tags\":{\"a\":1}}")
                .id();

        world.put("services/" + id, "{\"name\":\"replaced 2\"}").ok();

        JsonNode after = world.get("services/" + id).data();
        assertThat(after.get("name").asText()).isEqualTo("replaced 2");
        assertThat(after.get("encryptionRequired").asBoolean()).isFalse();
        assertThat(after.get("roleAttributes").isEmpty()).isTrue();
        assertThat(after.get("tags").isEmpty()).isTrue();
        world.put("services/" + id, "{}").refused(400, "COULD_NOT_VALIDATE").blaming("name");
    }

    @Test
    void concurrentPatchesOfDifferentFieldsAllStay() {
        String id = world.post("services", "{\"name\":\"busy\",\"encryptionRequired\":true}")
                .id();
        List<String> bodies = List.of(
                "{\"maxIdleTimeMillis\":9}",
                "{\"roleAttributes\":[\"x\"]}",
                "{\"tags\":{\"t\":1}}",
                "{\"name\":\"busier\"}");

        List<CompletableFuture<Answer>> sent = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            bodies.forEach(body -> sent.add(CompletableFuture.supplyAsync(() -> world.patch("services/" + id, body))));
        }

        sent.forEach(answer -> answer.join().ok());
        JsonNode after = world.get("services/" + id).data();
        assertThat(after.get("maxIdleTimeMillis").asInt()).isEqualTo(9);
        assertThat(after.get("roleAttributes").toString()).isEqualTo("[\"x\"]");
        assertThat(after.get("tags").toString()).isEqualTo("{\"t\":1}");
        assertThat(after.get("name").asText()).isEqualTo("busier");
    }

    @Test
    void listsAreFilteredSortedAndPaged() {
        IntStream.range(0, 25).forEach(i -> world.post(
                        "services",
                        "{\"name\":\"page-" + (char) ('a' + i)
                                + "\",\"encryptionRequired\":true,\"roleAttributes\":[\"page"
                                + (i % 2 == 0 ? "even" : "odd") + "\"]}")
                .id());
        String ours = "filter=name%20contains%20%22page-%22";

        Answer first = world.get("services?" + ours + "&sort=name%20%20asc");
        assertThat(first.names()).hasSize(10).startsWith("page-a", "page-b");
        assertThat(first.total()).isEqualTo(25);
        assertThat(first.json().at("/meta/pagination/limit").asLong()).isEqualTo(10);
        assertThat(first.json().at("/meta/filterableFields").toString())
                .contains("terminatorStrategy", "roleAttributes");
        assertThat(world.get("services?" + ours + "&sort=name%20desc&limit=2&offset=3")
                        .names())
                .containsExactly("page-v", "page-u");
        assertThat(world.get("services?" + ours + "&limit=-1&offset=0").names()).hasSize(25);
        assertThat(world.filtered(
                                "services",
                                "name contains \"page-\" and anyOf(roleAttributes) = \"pageodd\" limit none")
                        .names())
                .hasSize(12);
        assertThat(world.get("services?roleFilter=%23pageodd&limit=100").names())
                .hasSize(12);
        assertThat(world.get("services?roleFilter=%23pageodd&roleFilter=%23pageeven&roleSemantic=anyof&limit=100")
                        .names())
                .hasSize(25);
        assertThat(world.filtered("services", "name = \"page-a\"").names()).containsExactly("page-a");
        assertThat(world.filtered("services", "name = \"page-a\"").total()).isEqualTo(1);
        assertThat(world.filtered("services", "name = \"page-a\" and anyOf(roleAttributes) = \"pageodd\"")
                        .names())
                .isEmpty();
        assertThat(world.filtered("services", "name = \"page-a\" or name = \"page-b\"")
                        .names())
                .containsExactlyInAnyOrder("page-a", "page-b");
        String id = first.json().at("/data/0/id").asText();
        assertThat(world.filtered("services", "id = \"" + id + "\"").names()).containsExactly("page-a");
        assertThat(world.filtered("services", "id = \"\"").names()).isEmpty();
        String other = first.json().at("/data/1/id").asText();
        List<String> both = new ArrayList<>(List.of("page-a", "page-b"));
        if (id.compareTo(other) > 0) {
            Collections.reverse(both);
        }
        assertThat(world.filtered("services", "id in [\"" + other + "\", \"" + id + "\", \"\", \"" + id + "\"]")
                        .names())
                .as("in id order, each once")
                .isEqualTo(both);
        assertThat(world.filtered("services", "name in [\"page-b\", \"page-a\", \"nope\"]")
                        .names())
                .isEqualTo(both);
        assertThat(world.filtered("services", "name in [\"page-b\", \"page-a\"] limit 1")
                        .total())
                .isEqualTo(2);
        world.get("services?filter=name%20%3D").refused(400, "INVALID_FILTER");
        world.get("services?filter=nope%3D1").refused(400, "INVALID_FILTER");
        world.get("services?sort=nope").refused(400, "INVALID_SORT_IDENTIFIER");
        world.get("services?limit=abc").refused(400, "COULD_NOT_VALIDATE").blaming("limit");
        world.get("services?roleFilter=bad").refused(400, "COULD_NOT_VALIDATE");
        world.get("services?rejectUnauthorized=false").ok();
        world.get("services//").ok();
    }

    @Test
    void configsAreCheckedByTheirType() {
        JsonNode types = world.get("config-types?limit=100").data();
        assertThat(types.findValuesAsText("name")).contains("intercept.v1", "host.v1", "router.link.v1");
        String good =
                """
                {"name":"intercept","configTypeId":"g7cIWbcGg","data":{"protocols":["tcp"],"addresses":["a.ziti"],
                 "portRanges":[{"low":80,"high":80}]}}""";
        String id = world.post("configs", good).id();

        JsonNode config = world.get("configs/" + id).data();
        assertThat(config.at("/configType/name").asText()).isEqualTo("intercept.v1");
        assertThat(config.at("/data/portRanges/0/low").isIntegralNumber()).isTrue();
        world.post("configs", "{\"name\":\"bad\",\"configTypeId\":\"g7cIWbcGg\",\"data\":{}}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("(root)");
        world.post("configs", "{\"name\":\"bad\",\"configTypeId\":\"nope\",\"data\":{}}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("type");
        world.post("config-types", "{\"name\":\"all\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("name");
        String service = world.post(
                        "services",
                        "{\"name\":\"configured\",\"encryptionRequired\":true,\"configs\":[\"" + id + "\"]}")
                .id();
        assertThat(world.get("services/" + service + "/configs").names()).containsExactly("intercept");
        assertThat(world.get("configs/" + id + "/services").names()).containsExactly("configured");
        world.delete("config-types/" + ownType()).ok();
        world.delete("configs/" + id).ok();
        assertThat(world.get("services/" + service).data().get("configs").isEmpty())
                .isTrue();
    }

    private static String ownType() {
        return world.post("config-types", "{\"name\":\"own\",\"schema\":{\"type\":\"object\"},\"tags\":null}")
                .id();
    }

    @Test
    void policiesSelectAndAreSeenFromBothSides() {
        String identity = identity("pol-id", "pol");
        String service = world.post(
                        "services", "{\"name\":\"pol-svc\",\"encryptionRequired\":true,\"roleAttributes\":[\"pol\"]}")
                .id();
        String router = world.post("edge-routers", "{\"name\":\"pol-router\",\"roleAttributes\":[\"pol\"]}")
                .id();
        String dial = world.post(
                        "service-policies",
                        "{\"name\":\"pol-dial\",\"type\":\"Dial\",\"semantic\":\"AnyOf\",\"identityRoles\":[\"#pol\"],"
                                + "\"serviceRoles\":[\"@" + service + "\"],\"postureCheckRoles\":null}")
                .id();
        world.post(
                        "edge-router-policies",
                        "{\"name\":\"pol-erp\",\"semantic\":\"AllOf\",\"identityRoles\":[\"@" + identity
                                + "\"],\"edgeRouterRoles\":[\"#pol\"]}")
                .id();
        world.post(
                        "service-edge-router-policies",
                        "{\"name\":\"pol-serp\",\"semantic\":\"AnyOf\",\"serviceRoles\":[\"#pol\"],\"edgeRouterRoles\":[\"@"
                                + router + "\"]}")
                .id();

        JsonNode policy = world.get("service-policies/" + dial).data();
        assertThat(policy.at("/serviceRolesDisplay/0/name").asText()).isEqualTo("@pol-svc");
        assertThat(policy.at("/identityRolesDisplay/0/name").asText()).isEqualTo("#pol");
        assertThat(world.get("service-policies/" + dial + "/services").names()).containsExactly("pol-svc");
        assertThat(world.get("service-policies/" + dial + "/identities").names())
                .containsExactly("pol-id");
        assertThat(world.get("identities/" + identity + "/services?policyType=Dial")
                        .names())
                .containsExactly("pol-svc");
        assertThat(world.get("identities/" + identity + "/services?policyType=bind")
                        .names())
                .isEmpty();
        assertThat(world.get("identities/" + identity + "/service-policies").names())
                .containsExactly("pol-dial");
        assertThat(world.get("identities/" + identity + "/edge-router-policies").names())
                .containsExactly("pol-erp");
        assertThat(world.get("identities/" + identity + "/edge-routers").names())
                .containsExactly("pol-router");
        assertThat(world.get("services/" + service + "/identities").names()).containsExactly("pol-id");
        assertThat(world.get("services/" + service + "/edge-routers").names()).containsExactly("pol-router");
        assertThat(world.get("services/" + service + "/service-edge-router-policies")
                        .names())
                .containsExactly("pol-serp");
        assertThat(world.get("edge-routers/" + router + "/identities").names()).containsExactly("pol-id");
        assertThat(world.get("edge-routers/" + router + "/services").names()).containsExactly("pol-svc");
        assertThat(world.get("services?asIdentity=pol-id").names()).containsExactly("pol-svc");
        assertThat(world.get("identities/nope/services").names()).isEmpty();
        JsonNode advice = world.get("identities/" + identity + "/policy-advice/" + service)
                .data();
        assertThat(advice.get("isDialAllowed").asBoolean()).isTrue();
        assertThat(advice.get("isBindAllowed").asBoolean()).isFalse();
        assertThat(advice.at("/commonRouters/0/id").asText()).isEqualTo(router);
        world.get("identities/nope/policy-advice/" + service).refused(404, "NOT_FOUND");
        world.delete("services/" + service).ok();
        assertThat(world.get("service-policies/" + dial)
                        .data()
                        .get("serviceRoles")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void policiesThatMakeNoSenseAreRefused() {
        for (String roles : List.of("\"plain\"", "\"#all\",\"#x\"", "\"@nobody\"", "\"#\"")) {
            world.post(
                            "service-policies",
                            "{\"name\":\"p\",\"type\":\"Dial\",\"semantic\":\"AnyOf\",\"identityRoles\":[" + roles
                                    + "]}")
                    .refused(400, "COULD_NOT_VALIDATE")
                    .blaming("identityRoles");
        }
        world.post("service-policies", "{\"name\":\"p\",\"type\":\"Invalid\",\"semantic\":\"AnyOf\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("type");
        world.post("service-policies", "{\"name\":\"p\",\"type\":\"Dial\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("semantic");
    }

    @Test
    void routersEnrollAndEnrollAgain() {
        String id = world.post(
                        "edge-routers",
                        """
                        {"name":"er","isTunnelerEnabled":true,"cost":null,"noTraversal":null,"disabled":null,
                         "ctrlChanListeners":{"tls:a:1":["g"]}}""")
                .id();

        JsonNode router = world.get("edge-routers/" + id).data();
        String token = router.get("enrollmentToken").asText();
        assertThat(router.get("enrollmentJwt").asText().split("\\.")).hasSize(3);
        assertThat(router.get("isVerified").asBoolean()).isFalse();
        assertThat(router.get("isOnline").asBoolean()).isFalse();
        assertThat(router.has("fingerprint")).isFalse();
        assertThat(world.get("identities/" + id).data().get("typeId").asText()).isEqualTo("Router");
        world.post("edge-routers/" + id + "/re-enroll", "").ok();
        assertThat(world.get("edge-routers/" + id).data().get("enrollmentToken").asText())
                .isNotEqualTo(token);
        world.patch("edge-routers/" + id, "{\"name\":\"er2\",\"disabled\":true}")
                .ok();
        assertThat(world.get("identities/" + id).data().get("name").asText()).isEqualTo("er2");
        world.delete("identities/" + id).refused(400, "ENTITY_CAN_NOT_BE_DELETED");
        world.patch("edge-router-policies/" + id, "{\"name\":\"mine\"}").refused(400, "ENTITY_CAN_NOT_BE_UPDATED");
        world.put("transit-routers/" + id, "{\"name\":\"x\"}").refused(409, "CAN_NOT_UPDATE_ROUTER");
        world.fabric.connect(id);
        JsonNode online = world.get("edge-routers/" + id).data();
        assertThat(online.get("isOnline").asBoolean()).isTrue();
        assertThat(online.at("/supportedProtocols/tls").asText()).isEqualTo("tls://er.test:3022");
        assertThat(online.get("syncStatus").asText()).isEqualTo("SYNC_DONE");
        assertThat(world.filtered("edge-routers", "isVerified = false and name = \"er2\"")
                        .names())
                .containsExactly("er2");
        world.delete("edge-routers/" + id).ok();
        world.get("identities/" + id).refused(404, "NOT_FOUND");
    }

    @Test
    void disablingAnIdentityEndsItsSessions() {
        String token = world.token("reader");
        assertThat(world.send("GET", "/edge/management/v1/services", "", token).status())
                .isEqualTo(200);

        world.post("identities/reader/disable", "{\"durationMinutes\":0}").ok();

        world.send("GET", "/edge/management/v1/services", "", token).refused(401, "UNAUTHORIZED");
        assertThat(world.get("identities/reader").data().get("disabled").asBoolean())
                .isTrue();
        world.post("identities/reader/disable", "{}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("durationMinutes");
        world.send(
                        "POST",
                        "/edge/management/v1//identities/reader/enable",
                        "{\"durationMinutes\":0}",
                        world.token("admin"))
                .ok();
        assertThat(world.token("reader")).isNotEmpty();
    }

    @Test
    void authenticatorsAreMadeChangedAndGivenAnew() {
        String identity = identity("auth-id", "auth");
        String body = "{\"identityId\":\"" + identity
                + "\",\"method\":\"updb\",\"username\":\"auth-user\",\"password\":\"pa55word\"}";
        String id = world.post("authenticators", body).id();

        JsonNode authenticator = world.get("authenticators/" + id).data();
        assertThat(authenticator.get("username").asText()).isEqualTo("auth-user");
        assertThat(authenticator.toString()).doesNotContain("hash", "salt", "pa55word");
        world.post("authenticators", body).refused(409, "MAX_AUTHENTICATOR_METHODS_REACHED");
        world.post("authenticators", "{\"identityId\":\"nope\",\"method\":\"updb\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("identityId");
        world.post("authenticators", "{\"identityId\":\"" + identity + "\",\"method\":\"cert\",\"certPem\":\"junk\"}")
                .refused(400, "COULD_NOT_PARSE_PEM_BLOCK");
        world.patch("authenticators/" + id, "{\"password\":\"abc\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("password");
        world.patch("authenticators/" + id, "{\"username\":\"other-user\"}").ok();
        assertThat(world.filtered("authenticators", "method=\"updb\" and updbUsername=\"other-user\"")
                        .total())
                .isEqualTo(1);
        world.filtered("authenticators", "updbPassword=\"x\"").refused(400, "INVALID_FILTER");
        Answer again = world.post("authenticators/" + id + "/re-enroll", "{\"expiresAt\":\"2100-01-01T00:00:00Z\"}");
        assertThat(world.get("enrollments/" + again.id()).data().get("username").asText())
                .isEqualTo("other-user");
        world.get("authenticators/" + id).refused(404, "NOT_FOUND");
    }

    @Test
    void enrollmentsAreMadeRefreshedAndEnded() {
        String identity = identity("enr-id", "enr");
        String body = "{\"identityId\":\"" + identity + "\",\"method\":\"ott\",\"expiresAt\":\"2100-01-01T00:00:00Z\"}";
        String id = world.post("enrollments", body).id();

        world.post("enrollments", body).refused(409, "ENROLLMENT_EXISTS").blaming("method");
        world.post("enrollments", body.replace("2100", "2000"))
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("expiresAt");
        world.post("enrollments", body.replace("ott", "magic"))
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("method");
        JsonNode before = world.get("enrollments/" + id).data();
        world.post("enrollments/" + id + "/refresh", "{\"expiresAt\":\"2101-01-01T00:00:00Z\"}")
                .ok();
        JsonNode after = world.get("enrollments/" + id).data();
        assertThat(after.get("token").asText()).isNotEqualTo(before.get("token").asText());
        assertThat(after.get("expiresAt").asText()).isEqualTo("2101-01-01T00:00:00.000Z");
        world.delete("enrollments/" + id).ok();
        world.get("enrollments/" + id).refused(404, "NOT_FOUND");
    }

    @Test
    @DisplayName("ziti#4010: who may enroll others could enroll an administrator")
    void permissionsBoundWhatOthersMayDo() {
        String keeper = world.token("keeper");
        String base = "/edge/management/v1/";
        String plain = "{\"name\":\"by-keeper\",\"type\":\"Default\",\"isAdmin\":false}";

        String made = world.send("POST", base + "identities", plain, keeper).id();
        world.send("POST", base + "identities", plain.replace("false", "true").replace("by-", "x-"), keeper)
                .refused(401, "UNAUTHORIZED");
        world.send("PATCH", base + "identities/" + made, "{\"isAdmin\":true}", keeper)
                .refused(401, "UNAUTHORIZED");
        world.send("PATCH", base + "identities/" + made, "{\"permissions\":[\"ops\"]}", keeper)
                .refused(401, "UNAUTHORIZED");
        world.send("PATCH", base + "identities/" + made, "{\"externalId\":\"e1\"}", keeper)
                .ok();
        world.send("PUT", base + "identities/" + made, plain, keeper).refused(401, "UNAUTHORIZED");
        world.send("DELETE", base + "identities/admin", "", keeper).refused(401, "UNAUTHORIZED");
        world.send("POST", base + "identities/admin/disable", "{\"durationMinutes\":1}", keeper)
                .refused(401, "UNAUTHORIZED");
        world.send(
                        "POST",
                        base + "enrollments",
                        "{\"identityId\":\"admin\",\"method\":\"ott\",\"expiresAt\":\"2100-01-01T00:00:00Z\"}",
                        keeper)
                .refused(401, "UNAUTHORIZED");
        enrollmentOfAnAdministratorIsHidden(keeper, base);
        world.send("GET", base + "edge-routers", "", keeper).refused(401, "UNAUTHORIZED");
        world.send("GET", base + "authenticators", "", keeper).refused(401, "UNAUTHORIZED");
        world.send("GET", base + "services", "", "").refused(401, "UNAUTHORIZED");
        world.send("GET", base + "edge-routers", "", world.token("reader")).ok();
        world.send("POST", base + "services", "{\"name\":\"r\",\"encryptionRequired\":true}", world.token("reader"))
                .refused(401, "UNAUTHORIZED");
        world.post("identities", plain.replace("by-", "y-").replace("}", ",\"permissions\":[\"fly\"]}"))
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("permissions");
        world.delete("identities/admin").refused(400, "ENTITY_CAN_NOT_BE_DELETED");
    }

    private static void enrollmentOfAnAdministratorIsHidden(String keeper, String base) {
        String other = world.post(
                        "identities",
                        "{\"name\":\"boss\",\"type\":\"Default\",\"isAdmin\":true,\"enrollment\":{\"ott\":true}}")
                .id();
        JsonNode ott = world.get("identities/" + other).data().at("/enrollment/ott");
        String token = ott.get("token").asText();
        for (String path :
                List.of("enrollments?limit=500", "identities/" + other + "/enrollments", "identities/" + other)) {
            assertThat(world.send("GET", base + path, "", keeper).ok().text())
                    .as(path)
                    .doesNotContain(token);
        }
        world.send("GET", base + "enrollments/" + ott.get("id").asText(), "", keeper)
                .refused(404, "NOT_FOUND");
        world.delete("identities/" + other).ok();
    }

    @Test
    @DisplayName("CVE-2026-40304: what belonged to nobody was open to all")
    void enrollmentsOfRoutersAreForAdministratorsOnly() {
        String router = world.post("edge-routers", "{\"name\":\"ownerless\"}").id();
        JsonNode enrollment = onlyEnrollmentOf(router, world.get("enrollments?limit=500"));
        String base = "/edge/management/v1/enrollments";
        String keeper = world.token("keeper");

        Answer list = world.send("GET", base + "?limit=500", "", keeper).ok();

        assertThat(list.data().findValuesAsText("token"))
                .doesNotContain(enrollment.get("token").asText());
        String one = base + "/" + enrollment.get("id").asText();
        world.send("GET", one, "", keeper).refused(404, "NOT_FOUND");
        world.send("POST", one + "/refresh", "{\"expiresAt\":\"2101-01-01T00:00:00Z\"}", keeper)
                .refused(401, "UNAUTHORIZED");
        world.send("DELETE", one, "", keeper).refused(401, "UNAUTHORIZED");
        world.get("enrollments/" + enrollment.get("id").asText()).ok();
        world.delete("edge-routers/" + router).ok();
    }

    private static JsonNode onlyEnrollmentOf(String router, Answer list) {
        return java.util.stream.StreamSupport.stream(list.data().spliterator(), false)
                .filter(e -> router.equals(e.path("edgeRouterId").asText()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void halfACharacterIsRefused() {
        String half = "\\" + "ud83d";
        for (String body : List.of(
                "{\"name\":\"x" + half + "\",\"encryptionRequired\":true}",
                "{\"name\":\"x\",\"encryptionRequired\":true,\"tags\":{\"" + half + "\":1}}",
                "{\"name\":\"x\",\"encryptionRequired\":true,\"configs\":[\"" + half + "\"]}")) {
            world.post("services", body).refused(400, "COULD_NOT_PARSE_BODY");
        }
        String otherHalf = "\\" + "ude00";
        String whole = world.post("services", "{\"name\":\"" + half + otherHalf + "\",\"encryptionRequired\":true}")
                .id();
        assertThat(world.get("services/" + whole).data().get("name").asText()).isEqualTo(Character.toString(0x1f600));
        world.delete("services/" + whole).ok();
    }

    @Test
    void serviceConfigsOfAnIdentityAreOnePerType() {
        String identity = identity("ov-id", "ov");
        String config = world.post(
                        "configs",
                        "{\"name\":\"ov-config\",\"configTypeId\":\"f2dd2df0-9c04-4b84-a91e-71437ac229f1\","
                                + "\"data\":{\"hostname\":\"h\",\"port\":1}}")
                .id();
        String service = world.post("services", "{\"name\":\"ov-svc\",\"encryptionRequired\":true}")
                .id();
        String rows = "[{\"serviceId\":\"" + service + "\",\"configId\":\"" + config + "\"}]";

        world.post("identities/" + identity + "/service-configs", rows).ok();

        Answer list = world.get("identities/" + identity + "/service-configs");
        assertThat(list.data().get(0).get("configId").asText()).isEqualTo(config);
        world.delete("configs/" + config).refused(409, "CAN_NOT_DELETE_REFERENCED_ENTITY");
        world.send(
                        "DELETE",
                        "/edge/management/v1/identities/" + identity + "/service-configs",
                        rows,
                        world.token("admin"))
                .ok();
        assertThat(world.get("identities/" + identity + "/service-configs")
                        .data()
                        .isEmpty())
                .isTrue();
        world.post("identities/" + identity + "/service-configs", rows.replace(config, "nope"))
                .refused(404, "NOT_FOUND");
        world.get("identities/nope/service-configs").refused(404, "NOT_FOUND");
    }

    @Test
    void roleAttributesAreListedWhole() {
        identity("ra-id", "ra-z");
        identity("ra-id2", "ra-a");

        Answer list = world.get("identity-role-attributes?limit=1&sort=name%20asc&filter=id%20contains%20%22ra-%22");

        assertThat(list.data().toString()).isEqualTo("[\"ra-a\",\"ra-z\"]");
        assertThat(world.filtered("identity-role-attributes", "id contains \"ra-\" limit 1")
                        .data())
                .hasSize(1);
        assertThat(world.get("identity-role-attribute-usage?withIds=true").text())
                .contains("ra-a", "edgeRouterPolicies");
    }

    @Test
    void aPostureCheckHasTheFieldsOfItsType() {
        String os = world.post(
                        "posture-checks",
                        """
                        {"name":"os","typeId":"OS","roleAttributes":["device"],
                         "operatingSystems":[{"type":"Linux","versions":[">=1.0.0"]},{"type":"iOS","versions":null}]}""")
                .id();
        String process = world.post(
                        "posture-checks",
                        """
                        {"name":"process","typeId":"PROCESS","roleAttributes":["device"],
                         "process":{"osType":"Windows","path":"C:\\\\a.exe","hashes":["AB"],"signerFingerprint":"01:02"}}""")
                .id();
        world.post("posture-checks", "{\"name\":\"mac\",\"typeId\":\"MAC\",\"macAddresses\":[\"00:1B:44:11:3A:B7\"]}")
                .id();
        world.post("posture-checks", "{\"name\":\"mfa\",\"typeId\":\"MFA\",\"promptOnWake\":true}")
                .id();
        world.post(
                        "posture-checks",
                        """
                        {"name":"multi","typeId":"PROCESS_MULTI","semantic":"AnyOf",
                         "processes":[{"osType":"Linux","path":"/bin/a","signerFingerprints":["aa"]}]}""")
                .id();

        JsonNode shown = world.get("posture-checks/" + os).data();
        assertThat(shown.get("typeId").asText()).isEqualTo("OS");
        assertThat(shown.get("version").asInt()).isEqualTo(1);
        assertThat(shown.get("operatingSystems").toString())
                .isEqualTo("[{\"type\":\"Linux\",\"versions\":[\">=1.0.0\"]},{\"type\":\"iOS\",\"versions\":[]}]");
        assertThat(world.get("posture-checks/" + process).data().get("process").toString())
                .isEqualTo(
                        "{\"osType\":\"Windows\",\"path\":\"C:\\\\a.exe\",\"hashes\":[\"ab\"],\"signerFingerprint\":\"0102\"}");
        assertThat(world.get("posture-checks?filter=typeId%3D%22MAC%22")
                        .data()
                        .at("/0/macAddresses/0")
                        .asText())
                .isEqualTo("001b44113ab7");
        assertThat(world.get("posture-checks?filter=promptOnWake%3Dtrue").names())
                .containsExactly("mfa");
        assertThat(world.get("posture-checks?filter=promptOnWake%3Dtrue")
                        .data()
                        .at("/0/timeoutSeconds")
                        .asInt())
                .isEqualTo(-1);
        assertThat(world.get("posture-checks?roleFilter=%23device&sort=name").names())
                .containsExactly("os", "process");
        assertThat(world.get("posture-check-role-attributes").data().toString()).contains("\"device\"");
        assertThat(world.get("posture-check-types").names())
                .containsExactly("DOMAIN", "MAC", "OS", "PROCESS", "PROCESS_MULTI");
    }

    @Test
    void thePostureCheckTypeIsInEveryBodyAndStays() {
        String id = world.post("posture-checks", "{\"name\":\"stays\",\"typeId\":\"DOMAIN\",\"domains\":[\"a\",\"b\"]}")
                .id();

        world.post("posture-checks", "{\"name\":\"x\",\"domains\":[\"a\"]}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("typeId");
        world.post("posture-checks", "{\"name\":\"x\",\"typeId\":\"SMELL\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("typeId");
        world.post("posture-checks", "{\"name\":\"x\",\"typeId\":\"DOMAIN\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("domains");
        world.post("posture-checks", "{\"name\":\"x\",\"typeId\":\"OS\",\"operatingSystems\":[{\"type\":\"BeOS\"}]}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("operatingSystems[0].type");
        world.patch("posture-checks/" + id, "{\"domains\":[\"c\"]}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("typeId");
        world.patch("posture-checks/" + id, "{\"typeId\":\"MAC\"}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("typeId");
        world.patch("posture-checks/" + id, "{\"typeId\":\"DOMAIN\",\"name\":\"renamed\"}")
                .ok();

        JsonNode after = world.get("posture-checks/" + id).data();
        assertThat(after.get("name").asText()).isEqualTo("renamed");
        assertThat(after.get("domains").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(after.get("version").asInt()).isEqualTo(2);
    }

    @Test
    void aServicePolicyShowsTheChecksThatItSelects() {
        String check = world.post(
                        "posture-checks",
                        "{\"name\":\"guard\",\"typeId\":\"DOMAIN\",\"domains\":[\"a\"],\"roleAttributes\":[\"guards\"]}")
                .id();
        String policy = world.post(
                        "service-policies",
                        "{\"name\":\"guarded\",\"type\":\"Dial\",\"semantic\":\"AnyOf\",\"postureCheckRoles\":[\"@"
                                + check + "\",\"#guards\"]}")
                .id();
        world.post(
                        "service-policies",
                        "{\"name\":\"lost\",\"type\":\"Dial\",\"semantic\":\"AnyOf\",\"postureCheckRoles\":[\"@nope\"]}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("postureCheckRoles");

        assertThat(world.get("service-policies/" + policy)
                        .data()
                        .get("postureCheckRolesDisplay")
                        .findValuesAsText("name"))
                .containsExactly("#guards", "@guard");
        assertThat(world.get("service-policies/" + policy + "/posture-checks").names())
                .containsExactly("guard");

        world.delete("posture-checks/" + check).ok();
        assertThat(world.get("service-policies/" + policy)
                        .data()
                        .get("postureCheckRoles")
                        .toString())
                .isEqualTo("[\"#guards\"]");
    }

    @Test
    void whatThereIsNothingOfIsAnEmptyList() {
        for (String path : List.of("external-jwt-signers", "revocations", "controllers")) {
            assertThat(world.get(path + "?limit=100&sort=name%20asc").data().isEmpty())
                    .as(path)
                    .isTrue();
        }
        assertThat(world.get("identity-types").names()).containsExactly("Default", "Router");
        assertThat(world.get("auth-policies/default")
                        .data()
                        .at("/primary/updb/minPasswordLength")
                        .asInt())
                .isEqualTo(5);
        assertThat(world.get("summary").data().get("identityTypes").asInt()).isEqualTo(2);
        assertThat(world.get("network-jwts").data().get(0).get("token").asText().split("\\."))
                .hasSize(3);
        assertThat(world.get("current-identity").data().get("isAdmin").asBoolean())
                .isTrue();
        assertThat(world.get("api-sessions").data().get(0).get("identityId").asText())
                .isNotEmpty();
        assertThat(world.send("GET", "/edge/management/v1/version", "", "")
                        .data()
                        .get("version")
                        .asText())
                .isEqualTo("v2.1.0");
        world.send("POST", "/edge/management/v1/database/check-data-integrity", "", world.token("admin"));
        assertThat(world.get("database/data-integrity-results")
                        .data()
                        .get("results")
                        .isEmpty())
                .isTrue();
    }

    private static String identity(String name, String attribute) {
        return world.post(
                        "identities",
                        "{\"name\":\"" + name + "\",\"type\":\"Default\",\"isAdmin\":false,\"roleAttributes\":[\""
                                + attribute + "\"]}")
                .id();
    }
}
