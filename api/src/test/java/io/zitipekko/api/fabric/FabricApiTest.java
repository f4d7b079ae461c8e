package io.zitipekko.api.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zitipekko.actors.fabric.CircuitStatus;
import io.zitipekko.actors.fabric.LinkId;
import io.zitipekko.actors.fabric.LinkStatus;
import io.zitipekko.actors.fabric.TerminatorStatus;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.model.id.RouterId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.TerminatorId;
import io.zitipekko.api.management.ManagementWorld;
import io.zitipekko.api.management.ManagementWorld.Answer;
import io.zitipekko.transport.xgress.CircuitId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FabricApiTest {
    private static ManagementWorld world;
    private static String router;
    private static String service;

    @BeforeAll
    static void start() {
        world = new ManagementWorld();
        router = world.post("edge-routers", "{\"name\":\"fr\"}").id();
        service = world.post("services", "{\"name\":\"fs\",\"encryptionRequired\":false}")
                .id();
        world.fabric.connect(router);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void linksAreListedWeighedAndDropped() {
        world.fabric.links.put(
                "l1",
                new LinkStatus(
                        new LinkId("l1"),
                        2,
                        new RouterId(router),
                        new RouterId("other"),
                        "tls",
                        "tls:r:1",
                        LinkStatus.State.CONNECTED,
                        false,
                        1,
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        5,
                        List.of(new LinkStatus.Connection("link.default", "a", "b"))));

        Answer list = world.fabric("GET", "links?limit=500", "");
        JsonNode link = list.data().get(0);
        assertThat(link.get("state").asText()).isEqualTo("Connected");
        assertThat(link.at("/sourceRouter/name").asText()).isEqualTo("fr");
        assertThat(link.at("/connections/0/type").asText()).isEqualTo("link.default");
        assertThat(link.get("sourceLatency").asLong()).isEqualTo(1_000_000);
        assertThat(list.json().get("meta").has("filterableFields")).isFalse();
        world.fabric("PATCH", "links/l1", "{\"staticCost\":77,\"down\":true}").ok();
        JsonNode after = world.fabric("GET", "links/l1", "").data();
        assertThat(after.get("staticCost").asInt()).isEqualTo(77);
        assertThat(after.get("down").asBoolean()).isTrue();
        world.fabric("PATCH", "links/l1", "{\"staticCost\":0}").refused(400, "COULD_NOT_VALIDATE");
        world.fabric("PATCH", "links/nope", "{}").refused(404, "NOT_FOUND");
        world.fabric("DELETE", "links/l1", "").ok();
        world.fabric("DELETE", "links/l1", "").ok();
    }

    @Test
    void circuitsAreListedAndRemoved() {
        Instant now = Instant.now();
        world.fabric.circuits.put(
                "c1",
                new CircuitStatus(
                        new CircuitId("c1"),
                        "client",
                        new ServiceId("gone"),
                        new TerminatorId("t"),
                        List.of(new RouterId(router)),
                        List.of(new LinkId("l")),
                        now,
                        now,
                        Map.of()));

        JsonNode circuit = world.fabric("GET", "circuits?filter=clientId%3D%22client%22", "")
                .data()
                .get(0);
        assertThat(circuit.at("/service/name").asText()).isEqualTo("<deleted>");
        assertThat(circuit.at("/path/nodes/0/name").asText()).isEqualTo("fr");
        world.fabric("DELETE", "circuits/c1", "{\"immediate\":true}").ok();
        world.fabric("DELETE", "circuits/c1", "").refused(404, "NOT_FOUND");
    }

    @Test
    void terminatorsOfBothKindsAreOneList() {
        String made = world.fabric(
                        "POST",
                        "terminators",
                        "{\"service\":\"" + service + "\",\"router\":\"" + router
                                + "\",\"binding\":\"transport\",\"address\":\"tcp:localhost:1\",\"instanceId\":\"i\"}")
                .id();
        world.fabric.soft.put(
                "soft1",
                new TerminatorStatus(
                        new Terminator(
                                new TerminatorId("soft1"),
                                Entity.Meta.created(Instant.now(), Map.of()),
                                new ServiceId(service),
                                new RouterId(router),
                                "edge",
                                "soft1",
                                "",
                                new byte[0],
                                0,
                                Precedence.DEFAULT,
                                Map.of(),
                                null),
                        3,
                        true));

        assertThat(world.fabric("GET", "terminators?limit=500", "").data()).hasSize(2);
        assertThat(world.get("services/" + service + "/terminators").data()).hasSize(2);
        assertThat(world.get("terminators/" + made).data().get("identity").asText())
                .isEqualTo("i");
        assertThat(world.fabric("GET", "terminators/" + made, "")
                        .data()
                        .get("instanceId")
                        .asText())
                .isEqualTo("i");
        assertThat(world.filtered("terminators", "service.name=\"fs\" and binding=\"edge\"")
                        .data()
                        .get(0)
                        .get("dynamicCost")
                        .asInt())
                .isEqualTo(3);
        world.patch("terminators/soft1", "{\"cost\":9,\"precedence\":\"failed\"}")
                .ok();
        assertThat(world.get("terminators/soft1").data().get("precedence").asText())
                .isEqualTo("failed");
        world.patch("terminators/" + made, "{\"cost\":70000}")
                .refused(400, "COULD_NOT_VALIDATE")
                .blaming("cost");
        world.patch("terminators/" + made, "{\"address\":\"tcp:localhost:2\",\"service\":\"other\"}")
                .ok();
        assertThat(world.get("terminators/" + made).data().get("serviceId").asText())
                .isEqualTo(service);
        world.delete("terminators/soft1").ok();
        world.delete("terminators/" + made).ok();
        world.get("terminators/" + made).refused(404, "NOT_FOUND");
        world.fabric(
                        "POST",
                        "terminators",
                        "{\"service\":\"nope\",\"router\":\"" + router + "\",\"binding\":\"b\",\"address\":\"a\"}")
                .refused(404, "NOT_FOUND");
    }

    @Test
    void routersAndServicesAreSeenWithoutTheirEdgeSide() {
        JsonNode seen = world.fabric("GET", "routers/" + router, "").data();
        assertThat(seen.get("connected").asBoolean()).isTrue();
        assertThat(seen.at("/listenerAddresses/0/protocol").asText()).isEqualTo("tls");
        assertThat(world.fabric("GET", "services?filter=name%3D%22fs%22", "").names())
                .containsExactly("fs");
        Answer made = world.fabric(
                "POST", "routers", "{\"id\":\"given\",\"name\":\"given\",\"cost\":1,\"noTraversal\":false}");
        assertThat(made.id()).isEqualTo("given");
        world.fabric("DELETE", "routers/given", "").ok();
    }

    @Test
    void inspectionsAskControllerAndRouters() {
        Answer answer = world.fabric(
                "POST",
                "inspections",
                "{\"appRegex\":\".*\",\"requestedValues\":[\"links\",\"connected-routers\",\"nope\"]}");

        JsonNode json = answer.ok().json();
        assertThat(json.get("success").asBoolean()).isTrue();
        assertThat(json.get("values").findValuesAsText("appId")).contains("ctrl-1", router);
        assertThat(json.get("values").toString()).contains("{\"count\":1}").contains("\"text\"");
        world.fabric("POST", "inspections", "{\"appRegex\":\"(\",\"requestedValues\":[]}")
                .refused(400, "COULD_NOT_VALIDATE");
    }

    @Test
    void aLoneControllerHasNoClusterAndStrangersSeeNothing() {
        world.fabric("GET", "cluster/list-members", "").refused(400, "SERVER_NOT_RUNNING_IN_HA_MODE");
        world.send("GET", "/fabric/v1/links", "", "").refused(401, "UNAUTHORIZED");
        world.send("GET", "/fabric/v1/links", "", world.token("keeper")).refused(401, "UNAUTHORIZED");
        world.send("GET", "/fabric/v1/nope", "", world.token("admin")).refused(404, "NOT_FOUND");
    }
}
