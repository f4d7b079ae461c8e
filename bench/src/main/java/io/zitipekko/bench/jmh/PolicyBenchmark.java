package io.zitipekko.bench.jmh;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ChangeSet;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Identity;
import io.zitipekko.actors.model.entity.PolicyType;
import io.zitipekko.actors.model.entity.Semantic;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.entity.ServicePolicy;
import io.zitipekko.actors.model.id.IdentityId;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.id.ServicePolicyId;
import io.zitipekko.actors.model.type.Identities;
import io.zitipekko.actors.model.type.ServicePolicies;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.view.ModelState;
import io.zitipekko.actors.policy.PolicyIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whether an identity may dial a service, among many of both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PolicyBenchmark {
    private static final int GROUPS = 10;

    /** How many identities, and as many services. */
    @Param({"100", "10000"})
    public int entities;

    private PolicyIndex policies = ModelState.EMPTY.policies();
    private IdentityId[] identities = new IdentityId[0];
    private ServiceId[] services = new ServiceId[0];
    private int next;

    /** Every group of identities may dial the services of its own group. */
    @Setup
    public void prepare() {
        List<Change> changes = new ArrayList<>();
        identities = new IdentityId[entities];
        services = new ServiceId[entities];
        for (int i = 0; i < entities; i++) {
            Set<String> group = Set.of("group" + i % GROUPS);
            identities[i] = new IdentityId("identity" + i);
            services[i] = new ServiceId("service" + i);
            changes.add(put(Identities.TYPE, identity(identities[i], group)));
            changes.add(put(
                    Services.TYPE,
                    new Service(services[i], meta(), "service" + i, true, "smartrouting", group, List.of(), 0)));
        }
        for (int g = 0; g < GROUPS; g++) {
            changes.add(put(
                    ServicePolicies.TYPE,
                    new ServicePolicy(
                            new ServicePolicyId("policy" + g),
                            meta(),
                            "policy" + g,
                            PolicyType.DIAL,
                            Semantic.ANY_OF,
                            List.of("#group" + g),
                            List.of("#group" + g),
                            List.of())));
        }
        policies = ModelState.EMPTY
                .with(new ChangeSet(ModelState.EMPTY.index(), changes, Proposal.Author.CONTROLLER))
                .policies();
    }

    private static <E extends Entity> Change put(EntityType<E> type, E entity) {
        return new Change.Put<>(type, entity, null);
    }

    private static Entity.Meta meta() {
        return Entity.Meta.created(Instant.EPOCH, Map.of());
    }

    private static Identity identity(IdentityId id, Set<String> attributes) {
        return Identities.unconfigured(id, meta(), id.value(), Identities.TYPE_DEFAULT, attributes, null);
    }

    /** One question; every tenth is answered with yes. */
    @Benchmark
    public boolean mayDial() {
        next = next + 1 == entities ? 0 : next + 1;
        return policies.allows(identities[next], services[(next * 7 + 3) % entities], PolicyType.DIAL);
    }
}
