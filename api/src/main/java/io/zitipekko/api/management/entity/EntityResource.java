package io.zitipekko.api.management.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.ModelView;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.id.EntityId;
import io.zitipekko.api.entity.Lists;
import io.zitipekko.api.entity.Shapes;
import io.zitipekko.api.http.Access;
import io.zitipekko.api.http.ApiError;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.ApiHandler;
import io.zitipekko.api.http.ApiResponse;
import io.zitipekko.api.http.ApiRoutes;
import io.zitipekko.api.http.RequestContext;
import io.zitipekko.api.query.Query;
import io.zitipekko.api.query.SymbolTable;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The REST resource of one kind of entity. A subclass says its path, its JSON, how a body becomes an entity, and what may be filtered by;
 * this class has the five verbs, errors and retries.
 */
public abstract class EntityResource<E extends Entity> {
    protected final ManagementContext context;
    private final String collection;
    private final String permission;
    private final EntityType<E> type;
    private final SymbolTable<E> symbols;
    private final List<String> links;

    /**
     * @param collection its path, e.g. {@code services}
     * @param permission what non-administrators need, e.g. {@code service}
     * @param links names of nested collections, shown in {@code _links}
     */
    protected EntityResource(
            ManagementContext context,
            String collection,
            String permission,
            EntityType<E> type,
            SymbolTable<E> symbols,
            List<String> links) {
        this.context = context;
        this.collection = collection;
        this.permission = permission;
        this.type = type;
        this.symbols = symbols;
        this.links = links;
    }

    /** Adds what this kind's JSON has beyond the base of every entity. */
    protected abstract void describe(E entity, ObjectNode out, Reading reading);

    /**
     * The entity that a body makes.
     *
     * @param id of the new entity, or of the one that the body changes
     */
    protected abstract E read(Fields<E> fields, String id, Instant now);

    /** Routes of this resource. The full set; a subclass with fewer verbs or more routes overrides. */
    public void addTo(ApiRoutes.Builder routes) {
        addReadsTo(routes);
        addWritesTo(routes);
    }

    protected final void addReadsTo(ApiRoutes.Builder routes) {
        routes.get(collection, may(Access.Action.READ), ApiHandler.direct(this::list))
                .get(collection + "/{id}", may(Access.Action.READ), ApiHandler.direct(this::detail));
    }

    protected final void addWritesTo(ApiRoutes.Builder routes) {
        routes.post(collection, may(Access.Action.CREATE), this::create)
                .put(collection + "/{id}", may(Access.Action.UPDATE), request -> update(request, false))
                .patch(collection + "/{id}", may(Access.Action.UPDATE), request -> update(request, true))
                .delete(collection + "/{id}", may(Access.Action.DELETE), this::delete);
    }

    /** A list below an entity, of another kind's entities; empty when the entity does not exist. */
    public final <F extends Entity> void addNestedTo(
            ApiRoutes.Builder routes,
            String name,
            EntityResource<F> listed,
            BiFunction<E, Reading, ? extends Collection<F>> members) {
        routes.get(collection + "/{id}/" + name, listed.may(Access.Action.READ), ApiHandler.direct(request -> {
            Reading reading = context.reading(request);
            Collection<F> records = reading.view()
                    .get(type, id(request))
                    .<Collection<F>>map(entity -> members.apply(entity, reading))
                    .orElse(List.of());
            return listed.answer(request, records, reading);
        }));
    }

    /** The full JSON of an entity. */
    public final ObjectNode json(E entity, Reading reading) {
        ObjectNode out = Shapes.base(entity, collection, links);
        describe(entity, out, reading);
        return out;
    }

    /** A page of {@code records}, filtered by this kind's symbols. */
    public final ApiResponse answer(RequestContext request, Collection<E> records, Reading reading) {
        List<E> readable =
                records.stream().filter(entity -> mayRead(entity, reading)).toList();
        return Lists.answer(request, readable, symbols, reading.view(), entity -> json(entity, reading));
    }

    protected ApiResponse list(RequestContext request) {
        Reading reading = context.reading(request);
        Query<E> query = narrowed(Lists.query(request, symbols), request, reading);
        return Lists.answer(
                request,
                query,
                candidates(query, reading.view()),
                symbols,
                reading.view(),
                entity -> json(entity, reading));
    }

    /** What may match, in id order: everything, unless the query names what it wants, as command lines and SDKs do. */
    private Collection<E> candidates(Query<E> query, ModelView view) {
        Optional<Set<String>> ids = query.pinned("id");
        if (ids.isPresent()) {
            return inOrder(ids.get().stream().flatMap(id -> id(id).flatMap(known -> view.get(type, known)).stream()));
        }
        Optional<Set<String>> names = query.pinned("name");
        if (names.isPresent()) {
            for (EntityType.Key<E> key : type.uniqueKeys()) {
                if (key.name().equals("name")) {
                    return inOrder(names.get().stream().flatMap(name -> view.find(type, key, name).stream()));
                }
            }
        }
        return view.all(type);
    }

    private List<E> inOrder(Stream<E> entities) {
        return entities.sorted(Comparator.comparing(entity -> entity.id().value()))
                .toList();
    }

    /** What a list shows besides what its filter says: all that the caller may read, unless overridden. */
    protected Query<E> narrowed(Query<E> query, RequestContext request, Reading reading) {
        return query;
    }

    /** Whether this entity exists for whoever reads, in lists, below other entities and by its id; all do, unless overridden. */
    protected boolean mayRead(E entity, Reading reading) {
        return true;
    }

    private ApiResponse detail(RequestContext request) {
        Reading reading = context.reading(request);
        E entity = existing(reading.view(), request);
        if (!mayRead(entity, reading)) {
            throw ApiErrors.notFound();
        }
        return ApiResponse.ok(json(entity, reading));
    }

    private CompletionStage<ApiResponse> create(RequestContext request) {
        ObjectNode body = request.jsonObject();
        String id = newId(body);
        E entity = read(Fields.create(body), id, request.now());
        checkWrite(request, null, entity);
        return context.writes()
                .put(request.author(), creation(entity, request))
                .thenApply(commit -> ApiResponse.created(collection, id));
    }

    /** The id of what a body makes; clients cannot choose it, unless overridden. */
    protected String newId(ObjectNode body) {
        return context.ids().next();
    }

    /** What creating {@code entity} puts, together or not at all. */
    protected List<Change> creation(E entity, RequestContext request) {
        return List.of(new Change.Put<>(type, entity, null));
    }

    private CompletionStage<ApiResponse> update(RequestContext request, boolean patch) {
        ObjectNode body = request.jsonObject();
        return change(request, before -> {
            Fields<E> fields = patch ? Fields.patch(body, before) : Fields.replace(body, before);
            E after = read(fields, before.id().value(), request.now());
            checkWrite(request, before, after);
            return List.of(new Change.Put<>(type, after, before));
        });
    }

    /** What an existing entity becomes. */
    @FunctionalInterface
    protected interface Derivation<E> {
        List<Change> of(E before);
    }

    /** Changes the entity that the request names, again when it changed meanwhile; answers the empty envelope. */
    protected final CompletionStage<ApiResponse> change(RequestContext request, Derivation<E> derive) {
        return context.writes()
                .derived(request.author(), view -> {
                    E before = existing(view, request);
                    if (before.meta().system() && !mayChangeSystem()) {
                        throw ApiErrors.canNotBeUpdated(collection + " '" + before.id() + "' is built in");
                    }
                    return derive.of(before);
                })
                .thenApply(commit -> ApiResponse.empty());
    }

    /** Whether built-in entities of this kind may be changed over REST. */
    protected boolean mayChangeSystem() {
        return false;
    }

    protected CompletionStage<ApiResponse> delete(RequestContext request) {
        E entity = existing(context.model().view(), request);
        checkWrite(request, entity, null);
        return context.writes()
                .put(request.author(), List.of(new Change.Delete(type, entity.id())))
                .thenApply(commit -> ApiResponse.empty());
    }

    /**
     * Refuses what this caller in particular may not do.
     *
     * @param before null for a creation
     * @param after null for a deletion
     * @throws ApiError 401
     */
    protected void checkWrite(
            RequestContext request,
            @org.jspecify.annotations.Nullable E before,
            @org.jspecify.annotations.Nullable E after) {}

    /** The entity that the request's {@code {id}} names. @throws ApiError {@code NOT_FOUND} */
    protected final E existing(ModelView view, RequestContext request) {
        return view.get(type, id(request)).orElseThrow(ApiErrors::notFound);
    }

    private EntityId id(RequestContext request) {
        return id(request.variable("id")).orElseThrow(ApiErrors::notFound);
    }

    /** Empty for a text that can be nobody's id. */
    private Optional<EntityId> id(String text) {
        try {
            return Optional.of(type.idOf().apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    protected final Access may(Access.Action action) {
        return Access.permission(permission, action);
    }

    public final String collection() {
        return collection;
    }

    public final EntityType<E> type() {
        return type;
    }

    public final SymbolTable<E> symbols() {
        return symbols;
    }
}
