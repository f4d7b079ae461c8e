package io.zitipekko.bench.jmh;

import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.entity.Service;
import io.zitipekko.actors.model.id.ServiceId;
import io.zitipekko.actors.model.type.Services;
import io.zitipekko.actors.model.writer.InMemoryModel;
import io.zitipekko.api.query.Page;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.QueryParser;
import io.zitipekko.api.query.SymbolTable;
import io.zitipekko.api.query.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
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

/** What a list request costs before any JSON is made: its filter is read, compiled and held against every record. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class ListBenchmark {
    private static final SymbolTable<Service> SYMBOLS = SymbolTable.of(
                    (Service service) -> service.id().value())
            .string("name", Service::name)
            .strings("roleAttributes", Service::roleAttributes)
            .build();

    @Param({"10000"})
    public int services;

    @Param({
        "",
        "name contains \"x\"",
        "anyOf(roleAttributes) = \"tenth\"",
        "name = \"x1\"",
        "true sort by name desc",
        "name contains \"x9\" sort by name"
    })
    public String filter = "";

    private ModelView view = InMemoryModel.create().view();

    @Setup
    public void fill() {
        InMemoryModel model = InMemoryModel.create();
        List<Change> changes = new ArrayList<>();
        Entity.Meta meta = Entity.Meta.created(Instant.EPOCH, Map.of());
        for (int i = 0; i < services; i++) {
            Set<String> attributes = i % 10 == 0 ? Set.of("all", "tenth") : Set.of("all");
            changes.add(new Change.Put<>(
                    Services.TYPE,
                    new Service(
                            new ServiceId(String.format(Locale.ROOT, "id%07d", i)),
                            meta,
                            "x" + i,
                            true,
                            "smartrouting",
                            attributes,
                            List.of(),
                            0),
                    null));
        }
        model.propose(new Proposal(changes, Proposal.Author.CONTROLLER))
                .toCompletableFuture()
                .join();
        view = model.view();
    }

    /** A page of 100 in the middle. */
    @Benchmark
    public Page<Service> page() {
        Query<Service> query = QueryParser.parse(SYMBOLS, filter, "");
        Window window = Window.of(query, OptionalLong.of(100), OptionalLong.of(services / 2));
        return Page.of(view.all(Services.TYPE), query, window, SYMBOLS, view);
    }
}
