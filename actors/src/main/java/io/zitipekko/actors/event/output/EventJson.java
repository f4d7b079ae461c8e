package io.zitipekko.actors.event.output;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.zitipekko.actors.event.AccessRefused;
import io.zitipekko.actors.event.AlertEvent;
import io.zitipekko.actors.event.ApiSessionEvent;
import io.zitipekko.actors.event.AuthenticationEvent;
import io.zitipekko.actors.event.CircuitEvent;
import io.zitipekko.actors.event.ConnectEvent;
import io.zitipekko.actors.event.EntityChangeEvent;
import io.zitipekko.actors.event.Event;
import io.zitipekko.actors.event.LinkEvent;
import io.zitipekko.actors.event.RouterEvent;
import io.zitipekko.actors.event.SdkEvent;
import io.zitipekko.actors.event.SessionEvent;
import io.zitipekko.actors.event.TerminatorEvent;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Authenticator;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Precedence;
import io.zitipekko.actors.model.entity.Terminator;
import io.zitipekko.actors.session.token.ServiceSessionTokens;
import io.zitipekko.transport.identity.Fingerprint;
import java.time.Instant;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Events as OpenZiti writes them (protocol/06 section 8.2), and our own in the same manner. Secrets have no form here: they are left out by
 * the kinds that hold them. Thread-safe.
 */
final class EventJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .addMixIn(Fingerprint.class, AsItsDigits.class)
            .addMixIn(Enrollment.class, WithoutToken.class)
            .addMixIn(Authenticator.Password.class, WithoutHash.class)
            .addMixIn(Terminator.class, WithoutInstanceSecret.class)
            .build();

    private final String nodeId;

    /** @param nodeId who writes */
    EventJson(String nodeId) {
        this.nodeId = nodeId;
    }

    private interface AsItsDigits {
        @JsonValue
        String hex();
    }

    @JsonIgnoreProperties({"token", "jwt"})
    private interface WithoutToken {}

    @JsonIgnoreProperties({"salt", "hash"})
    private interface WithoutHash {}

    @JsonIgnoreProperties({"instanceSecret", "peerData"})
    private interface WithoutInstanceSecret {}

    /** One line, without its end. */
    byte[] line(Event event, String namespace) {
        ObjectNode json = begin(namespace, event.at());
        if (event instanceof EntityChangeEvent change) {
            entityChange(json, change);
        } else {
            json.put("event_type", event.eventType());
            details(json, event);
        }
        return bytes(json);
    }

    /** Says how many lines are missing. */
    byte[] dropped(long count, Instant now) {
        return bytes(begin("events.dropped", now).put("count", count));
    }

    private ObjectNode begin(String namespace, Instant at) {
        return MAPPER.createObjectNode()
                .put("namespace", namespace)
                .put("event_src_id", nodeId)
                .put("timestamp", at.toString());
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree always has a text", e);
        }
    }

    private static void details(ObjectNode json, Event event) {
        if (event instanceof AccessRefused refused) {
            json.put("subject", refused.subject())
                    .put("remote_address", refused.from())
                    .put("object", refused.object())
                    .put("reason", refused.reason());
        } else if (event instanceof AuthenticationEvent login) {
            json.put("type", login.method().wireName())
                    .put("authenticator_id", text(login.authenticatorId()))
                    .put("identity_id", text(login.identityId()))
                    .put("auth_policy_id", text(login.authPolicyId()))
                    .put("remote_address", login.remoteAddress())
                    .put("success", login.success())
                    .put("reason", login.reason())
                    .put("improper_client_cert_chain", login.improperChain());
        } else if (event instanceof ApiSessionEvent session) {
            json.put("id", session.session().id().value())
                    .put("type", "legacy")
                    .put("identity_id", session.session().identityId().value())
                    .put("ip_address", session.session().ipAddress());
        } else if (event instanceof SessionEvent session) {
            json.put(
                            "session_type",
                            ServiceSessionTokens.wireName(session.session().type()))
                    .put("provider", "legacy")
                    .put("id", session.session().id().value())
                    .put("api_session_id", session.session().apiSessionId().value())
                    .put("identity_id", session.session().identityId().value())
                    .put("service_id", session.session().serviceId().value());
        } else if (event instanceof CircuitEvent circuit) {
            circuit(json, circuit);
        } else if (event instanceof LinkEvent link) {
            link(json, link);
        } else if (event instanceof RouterEvent router) {
            json.put("router_id", router.routerId().value())
                    .put("router_online", router.eventType().equals("router-online"));
        } else if (event instanceof TerminatorEvent terminator) {
            terminator(json, terminator.terminator());
        } else if (event instanceof SdkEvent sdk) {
            json.put("identity_id", sdk.identityId().value());
        } else if (event instanceof ConnectEvent connect) {
            json.put("src_type", "identity")
                    .put("dst_type", "router")
                    .put("src_id", connect.identityId().value())
                    .put("src_addr", connect.srcAddress())
                    .put("dst_id", connect.routerId().value())
                    .put("dst_addr", connect.dstAddress());
        } else if (event instanceof AlertEvent alert) {
            json.put("alert_source_type", alert.sourceType())
                    .put("alert_source_id", alert.sourceId())
                    .put("severity", alert.severity())
                    .put("message", alert.message());
            alert.details().forEach(json.putArray("details")::add);
            alert.relatedEntities().forEach(json.putObject("related_entities")::put);
        }
    }

    private static void circuit(ObjectNode json, CircuitEvent circuit) {
        String service = circuit.serviceId();
        int at = service.indexOf('@');
        json.put("version", 2)
                .put("circuit_id", circuit.circuitId())
                .put("client_id", circuit.clientId())
                .put("service_id", at < 0 ? service : service.substring(at + 1))
                .put("terminator_id", text(circuit.terminatorId()))
                .put("instance_id", at < 0 ? "" : service.substring(0, at))
                .put("link_count", circuit.links().size());
        ObjectNode path = json.putObject("path");
        ArrayNode nodes = path.putArray("nodes");
        circuit.nodes().forEach(node -> nodes.add(node.value()));
        ArrayNode links = path.putArray("links");
        circuit.links().forEach(link -> links.add(link.value()));
        if (circuit.creationTime() != null) {
            json.put("creation_timespan", circuit.creationTime().toNanos());
        }
        if (circuit.failureCause() != null) {
            json.put("failure_cause", circuit.failureCause());
        }
        circuit.tags().forEach(json.putObject("tags")::put);
    }

    private static void link(ObjectNode json, LinkEvent event) {
        json.put("link_id", event.link().id().value())
                .put("src_router_id", event.link().source().value())
                .put("dst_router_id", event.link().dest().value())
                .put("protocol", event.link().protocol())
                .put("dial_address", event.link().dialAddress())
                .put("cost", event.link().cost())
                .put("reason", event.reason());
        ArrayNode connections = json.putArray("connections");
        event.link().connections().forEach(connection -> connections
                .addObject()
                .put("id", connection.type())
                .put("local_addr", connection.source())
                .put("remote_addr", connection.dest()));
    }

    private static void terminator(ObjectNode json, Terminator terminator) {
        json.put("service_id", terminator.serviceId().value())
                .put("terminator_id", terminator.id().value())
                .put("router_id", terminator.routerId().value())
                .put("host_id", text(terminator.hostId()))
                .put("instance_id", terminator.instanceId())
                .put("precedence", name(terminator.precedence()))
                .put("static_cost", terminator.cost());
    }

    private static String name(Precedence precedence) {
        return precedence.name().toLowerCase(Locale.ROOT);
    }

    private static void entityChange(ObjectNode json, EntityChangeEvent change) {
        json.put("eventId", Long.toString(change.modelIndex())).put("eventType", change.eventType());
        ObjectNode metadata = json.putObject("metadata");
        Proposal.Author author = change.author();
        metadata.putObject("author")
                .put("type", author.type())
                .put("id", author.id())
                .put("name", author.name());
        Proposal.Source source = author.source();
        if (source != null) {
            metadata.putObject("source")
                    .put("type", source.type())
                    .put("auth", source.auth())
                    .put("localAddr", source.localAddress())
                    .put("remoteAddr", source.remoteAddress())
                    .put("method", source.method());
        }
        if (change.entityType().isEmpty()) {
            return;
        }
        json.put("entityType", entityType(change.entityType())).put("entityId", change.entityId());
        JsonNode before = tree(change.before());
        JsonNode after = tree(change.after());
        if (before != null) {
            json.set("initialState", before);
        }
        if (after != null) {
            json.set("finalState", after);
        }
        if (before != null && after != null) {
            ArrayNode fields = json.putArray("changedFields");
            changed(before, after).forEach(fields::add);
        }
    }

    private static Set<String> changed(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (Iterator<String> it = names.iterator(); it.hasNext(); ) {
            String name = it.next();
            if (before.path(name).equals(after.path(name))) {
                it.remove();
            }
        }
        return names;
    }

    private static @Nullable JsonNode tree(@Nullable Entity entity) {
        return entity == null ? null : MAPPER.valueToTree(entity);
    }

    /** {@code edge-routers} as OpenZiti would write it: {@code edgeRouters}. */
    static String entityType(String storageName) {
        StringBuilder out = new StringBuilder(storageName.length());
        boolean upper = false;
        for (int i = 0; i < storageName.length(); i++) {
            char c = storageName.charAt(i);
            if (c == '-') {
                upper = true;
            } else {
                out.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return out.toString();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
