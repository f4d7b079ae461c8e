package io.zitipekko.api.client.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.PostureCheck;
import io.zitipekko.actors.model.entity.PostureCheck.Mfa;
import io.zitipekko.actors.model.entity.PostureCheck.ProcessMulti;
import io.zitipekko.actors.model.entity.PostureCheck.Program;
import io.zitipekko.actors.model.entity.PostureCheck.SingleProcess;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.PostureCheckId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.PostureChecks;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Json;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What clients are asked about their device for each policy that grants a service (protocol/05 section 8.3). Reports are not evaluated, so
 * no check passes.
 */
public final class PostureQueries {
    /** How long a second factor holds after the device woke or was unlocked. */
    private static final int GRACE_SECONDS = 300;

    private PostureQueries() {}

    /** Adds one entry per granting policy to {@code out}, or a placeholder when none of them asks for anything. */
    public static void add(ArrayNode out, IdentityId identity, ServiceId service, PolicyType type, ModelView view) {
        String word = type == PolicyType.BIND ? "Bind" : "Dial";
        List<ServicePolicyId> policies = view.policies().grants(identity, service, type);
        if (policies.stream().allMatch(policy -> checks(policy, view).isEmpty())) {
            String none = "dummy " + word.toLowerCase(Locale.ROOT) + " policy: no posture checks defined";
            add(out, none, word, List.of());
            return;
        }
        policies.forEach(policy -> add(out, policy.value(), word, checks(policy, view)));
    }

    private static void add(ArrayNode out, String policy, String type, List<PostureCheck> checks) {
        ArrayNode queries = out.addObject()
                .put("policyId", policy)
                .put("policyType", type)
                .put("isPassing", checks.isEmpty())
                .putArray("postureQueries");
        checks.forEach(check -> queries.add(query(check)));
    }

    private static List<PostureCheck> checks(ServicePolicyId policy, ModelView view) {
        return sorted(view.policies().selectedPostureChecks(policy), view);
    }

    private static List<PostureCheck> sorted(Collection<PostureCheckId> ids, ModelView view) {
        return ids.stream()
                .flatMap(id -> view.get(PostureChecks.TYPE, id).stream())
                .sorted(Comparator.comparing(check -> check.id().value()))
                .toList();
    }

    private static ObjectNode query(PostureCheck check) {
        ObjectNode out = Shapes.base(check, "posture-checks", List.of());
        out.put("queryType", check.subtype().typeId());
        out.put("isPassing", false);
        out.put("timeout", check.subtype() instanceof Mfa mfa ? mfa.timeoutSeconds() : Mfa.NO_TIMEOUT);
        out.put("timeoutRemaining", check.subtype() instanceof Mfa ? 0 : Mfa.NO_TIMEOUT);
        if (check.subtype() instanceof Mfa mfa) {
            out.put("promptOnWake", mfa.promptOnWake());
            out.put("promptOnUnlock", mfa.promptOnUnlock());
            out.put("promptGracePeriodSeconds", GRACE_SECONDS);
        } else if (check.subtype() instanceof SingleProcess single) {
            out.set("process", process(single.process()));
        } else if (check.subtype() instanceof ProcessMulti several) {
            ArrayNode processes = out.putArray("processes");
            several.processes().forEach(program -> processes.add(process(program)));
        }
        return out;
    }

    private static ObjectNode process(Program program) {
        return Json.object().put("osType", program.osType().wireName()).put("path", program.path());
    }

    /** The checks that stand in the way of a session, by policy: the cause of {@code INVALID_POSTURE} (protocol/05 section 9.1). */
    public static ObjectNode failures(Map<ServicePolicyId, Set<PostureCheckId>> failing, ModelView view) {
        ObjectNode out = Json.object();
        failing.forEach((policy, ids) -> {
            ArrayNode checks = out.putArray(policy.value());
            sorted(ids, view).forEach(check -> checks.addObject()
                    .put("postureCheckId", check.id().value())
                    .put("postureCheckName", check.name())
                    .put("postureCheckType", check.subtype().typeId()));
        });
        return out;
    }
}
