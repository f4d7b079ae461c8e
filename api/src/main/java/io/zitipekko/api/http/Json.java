package io.zitipekko.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as the APIs read and write it: unknown properties are ignored, dates are RFC 3339 in UTC with milliseconds, nesting and lengths are
 * bounded while reading.
 */
public final class Json {
    /** Deepest nesting that a request may have. */
    public static final int MAX_DEPTH = 100;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(1 << 20)
                            .maxNumberLength(100)
                            .maxNameLength(4096)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();

    private Json() {}

    /** The mapper of all APIs. Not to be reconfigured. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Any value as a tree. */
    public static JsonNode tree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** As the APIs write a date: {@code 2026-01-02T03:04:05.678Z}. */
    public static String date(Instant instant) {
        return DATE.format(instant);
    }

    public static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws ApiError {@code COULD_NOT_PARSE_BODY} */
    static JsonNode read(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node == null) {
                return MAPPER.missingNode();
            }
            if (!finite(node)) {
                throw ApiErrors.couldNotParseBody("a number is larger than any that can be kept");
            }
            if (!wellFormed(node)) {
                throw ApiErrors.couldNotParseBody("a text holds half of a surrogate pair");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw ApiErrors.couldNotParseBody(String.valueOf(e.getOriginalMessage()));
        } catch (IOException e) {
            throw ApiErrors.couldNotParseBody(String.valueOf(e.getMessage()));
        }
    }

    /** Infinity has no form in JSON: kept, it could never be answered as the number that it was. */
    private static boolean finite(JsonNode node) {
        if (node.isFloatingPointNumber()) {
            return Double.isFinite(node.doubleValue());
        }
        for (JsonNode child : node) {
            if (!finite(child)) {
                return false;
            }
        }
        return true;
    }

    /** Half a character has no form in UTF-8: like infinity, it could never be answered. */
    private static boolean wellFormed(JsonNode node) {
        if (node.isTextual()) {
            return wellFormed(node.textValue());
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!wellFormed(field.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!wellFormed(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean wellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** @throws ApiError {@code COULD_NOT_PARSE_BODY} when a value has another type */
    public static <T> T convert(JsonNode node, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw ApiErrors.couldNotParseBody(String.valueOf(e.getOriginalMessage()));
        }
    }

    private static final class InstantWriter extends StdScalarSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(date(value));
        }
    }

    private static final class InstantReader extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getValueAsString();
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException | NullPointerException e) {
                throw context.weirdStringException(String.valueOf(text), Instant.class, "not an RFC 3339 date");
            }
        }
    }
}
