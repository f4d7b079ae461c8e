package io.zitipekko.api.management.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.fabric.RouterStatus;
import io.zitipekko.actors.model.entity.EdgeRouter;
import io.zitipekko.actors.model.entity.Enrollment;
import io.zitipekko.actors.model.type.Enrollments;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.management.entity.Reading;
import java.util.Optional;

/** A router as JSON: what is configured, and what its control channel tells. protocol/06 sections 6.4 and 7. */
public final class RouterShape {
    private RouterShape() {}

    /** Adds everything that edge routers and routers in general share, the base excepted. */
    public static void describe(EdgeRouter router, ObjectNode out, Reading reading) {
        Optional<RouterStatus> status = reading.fabric().router(router.id());
        out.put("name", router.name());
        out.put("cost", router.cost());
        out.put("noTraversal", router.noTraversal());
        out.put("disabled", router.disabled());
        out.set("configs", Shapes.texts(router.configs()));
        out.set("ctrlChanListeners", Json.tree(router.ctrlChanListeners()));
        out.put("isOnline", status.isPresent());
        out.put("isVerified", router.verified());
        describeCertificates(router, out);
        describeStatus(status, router, out);
        if (!router.verified()) {
            describeEnrollment(router, out, reading);
        }
    }

    private static void describeCertificates(EdgeRouter router, ObjectNode out) {
        if (router.fingerprint() != null) {
            out.put("fingerprint", router.fingerprint().hex());
        }
        out.put("certPem", router.certPem());
        out.put("unverifiedCertPem", router.unverifiedCertPem());
        out.put(
                "unverifiedFingerprint",
                router.unverifiedFingerprint() == null
                        ? null
                        : router.unverifiedFingerprint().hex());
    }

    /** A router that was never connected here has no host name; its configured name stands for it. */
    private static void describeStatus(Optional<RouterStatus> status, EdgeRouter router, ObjectNode out) {
        out.put("hostname", status.map(RouterStatus::hostname).orElse(""));
        out.set(
                "supportedProtocols",
                Json.tree(status.map(RouterStatus::supportedProtocols).orElse(java.util.Map.of())));
        RouterStatus.SyncStatus sync = status.map(RouterStatus::syncStatus)
                .orElse(router.verified() ? RouterStatus.SyncStatus.DISCONNECTED : RouterStatus.SyncStatus.UNKNOWN);
        out.put("syncStatus", sync.json());
        status.ifPresent(online -> {
            out.set("versionInfo", version(online));
            out.set("capabilities", Shapes.texts(online.capabilities()));
            out.put("capabilitiesMask", online.capabilityMask());
        });
        out.set("interfaces", interfaces(status));
    }

    private static ObjectNode version(RouterStatus online) {
        return Json.object()
                .put("version", online.version().version())
                .put("revision", online.version().revision())
                .put("buildDate", online.version().buildDate())
                .put("os", online.version().os())
                .put("arch", online.version().arch());
    }

    private static ArrayNode interfaces(Optional<RouterStatus> status) {
        ArrayNode out = Json.array();
        status.ifPresent(online -> online.interfaces().forEach(one -> {
            ObjectNode each = out.addObject()
                    .put("name", one.name())
                    .put("hardwareAddress", one.hardwareAddress())
                    .put("mtu", one.mtu())
                    .put("index", one.index())
                    .put("isUp", flag(one.flags(), 0))
                    .put("isBroadcast", flag(one.flags(), 1))
                    .put("isLoopback", flag(one.flags(), 2))
                    .put("isMulticast", flag(one.flags(), 4))
                    .put("isRunning", flag(one.flags(), 5));
            each.set("addresses", Shapes.texts(one.addresses()));
        }));
        return out;
    }

    private static boolean flag(long flags, int bit) {
        return (flags >> bit & 1) == 1;
    }

    private static void describeEnrollment(EdgeRouter router, ObjectNode out, Reading reading) {
        for (Enrollment enrollment : reading.view()
                .findAll(Enrollments.TYPE, Enrollments.BY_ROUTER, router.id().value())) {
            out.put("enrollmentToken", enrollment.token());
            out.put("enrollmentJwt", enrollment.jwt());
            out.put("enrollmentCreatedAt", Json.date(enrollment.meta().createdAt()));
            out.put("enrollmentExpiresAt", Json.date(enrollment.expiresAt()));
        }
    }
}
