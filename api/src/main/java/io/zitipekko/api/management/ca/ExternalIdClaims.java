package io.zitipekko.api.management.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zitipekko.actors.model.entity.Ca;
import io.zitipekko.actors.model.entity.ExternalIdClaim;
import io.zitipekko.actors.model.entity.ExternalIdClaim.Location;
import io.zitipekko.actors.model.entity.ExternalIdClaim.Matcher;
import io.zitipekko.actors.model.entity.ExternalIdClaim.Parser;
import io.zitipekko.api.http.ApiErrors;
import io.zitipekko.api.http.Json;
import io.zitipekko.api.management.entity.Fields;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The field {@code externalIdClaim}, of which all six keys are given or none. */
final class ExternalIdClaims {
    private static final String FIELD = "externalIdClaim";

    private ExternalIdClaims() {}

    static ObjectNode json(ExternalIdClaim claim) {
        return Json.object()
                .put("location", claim.location().name())
                .put("matcher", claim.matcher().name())
                .put("matcherCriteria", claim.matcherCriteria())
                .put("parser", claim.parser().name())
                .put("parserCriteria", claim.parserCriteria())
                .put("index", claim.index());
    }

    /** By the rules of the verb; an empty object in a PATCH says nothing, because command lines always send one. */
    static @Nullable ExternalIdClaim read(Fields<Ca> fields) {
        @Nullable
        ExternalIdClaim before =
                fields.before() == null ? null : fields.before().externalIdClaim();
        return fields.<@Nullable ExternalIdClaim>get(
                FIELD, value -> read(value, fields.isPatch() ? before : null, fields.isPatch()), ca -> before, null);
    }

    private static @Nullable ExternalIdClaim read(JsonNode value, @Nullable ExternalIdClaim before, boolean patch) {
        if (!value.isObject()) {
            throw ApiErrors.couldNotParseBody("field '" + FIELD + "' should be an object");
        }
        if (patch && value.isEmpty()) {
            return before;
        }
        return new ExternalIdClaim(
                word(value, "location", Location.values()),
                word(value, "matcher", Matcher.values()),
                required(value, "matcherCriteria", ExternalIdClaims::text),
                word(value, "parser", Parser.values()),
                required(value, "parserCriteria", ExternalIdClaims::text),
                required(value, "index", ExternalIdClaims::index));
    }

    private static <T extends Enum<T>> T word(JsonNode claim, String key, T[] words) {
        Map<String, T> byName = Arrays.stream(words)
                .collect(Collectors.toMap(Enum::name, Function.identity(), (a, b) -> a, TreeMap::new));
        return required(claim, key, value -> Fields.oneOf(FIELD + "." + key, value, byName));
    }

    private static <T> T required(JsonNode claim, String key, Function<JsonNode, T> read) {
        JsonNode value = claim.get(key);
        if (value == null || value.isNull()) {
            throw ApiErrors.required(FIELD + "." + key);
        }
        return read.apply(value);
    }

    private static String text(JsonNode value) {
        return Fields.text(FIELD, value);
    }

    private static int index(JsonNode value) {
        long index = Fields.integer(FIELD + ".index", value);
        if (index < 0 || index > Integer.MAX_VALUE) {
            throw ApiErrors.couldNotValidate(FIELD + ".index", "should be 0 or more", index);
        }
        return (int) index;
    }
}
