package io.zitipekko.actors.log.entry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.zitipekko.actors.log.CallId;
import io.zitipekko.actors.model.Change;
import io.zitipekko.actors.model.EntityType;
import io.zitipekko.actors.model.Proposal;
import io.zitipekko.actors.model.entity.Entity;
import io.zitipekko.actors.model.type.EntityTypes;
import io.zitipekko.transport.identity.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entities, changes and proposals as CBOR. Kinds go by their storage names, fields by theirs; a reader ignores fields that it does not
 * know and defaults those that are missing, so that a newer version may add some. A kind that the reader does not know is an error:
 * leaving it out would make members differ.
 */
public final class ModelCodec {
    /** A text of one entity may be as long as the largest request body that the API takes, and some. */
    private static final int MAX_TEXT = 8 << 20;

    private static final ObjectMapper MAPPER = CBORMapper.builder(CBORFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_TEXT)
                            .build())
                    // Half a surrogate pair, which JSON can carry, is stored as U+FFFD.
                    .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
                    .build())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(Fingerprint.class, FingerprintAsText.class)
            .build();

    private ModelCodec() {}

    private interface FingerprintAsText {
        @JsonCreator
        static Fingerprint of(String hex) {
            return new Fingerprint(hex);
        }

        @JsonValue
        String hex();
    }

    @FunctionalInterface
    private interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    /** @throws UncheckedIOException for an entity that has no stored form */
    public static byte[] encodeEntity(Entity entity) {
        return encode(out -> MAPPER.writeValue(out, entity));
    }

    /** @throws IOException for bytes that are no such entity */
    public static <E extends Entity> E decodeEntity(EntityType<E> type, byte[] bytes) throws IOException {
        try {
            return MAPPER.readValue(bytes, type.type());
        } catch (RuntimeException e) {
            throw new IOException("stored form: nothing of " + type + ": " + e, e);
        }
    }

    /** A proposal on its way to the writer; what was expected goes with it. */
    public static byte[] encodeProposal(Proposal proposal) {
        return encode(out -> writeSet(out, null, proposal.author(), proposal.changes(), true));
    }

    /** @throws IOException for bytes that are no proposal */
    public static Proposal decodeProposal(byte[] bytes) throws IOException {
        DecidedChanges read = decodeSet(bytes);
        return new Proposal(read.changes(), read.author());
    }

    static byte[] encodeSet(DecidedChanges decided) {
        return encode(out -> writeSet(out, decided.call(), decided.author(), decided.changes(), false));
    }

    private static byte[] encode(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = MAPPER.getFactory().createGenerator(bytes)) {
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeSet(
            JsonGenerator out, @Nullable CallId call, Proposal.Author author, List<Change> changes, boolean expected)
            throws IOException {
        out.writeStartObject();
        if (call != null) {
            out.writeFieldName("call");
            out.writeArray(new long[] {call.origin(), call.number()}, 0, 2);
        }
        out.writeObjectField("author", author);
        out.writeArrayFieldStart("changes");
        for (Change change : changes) {
            writeChange(out, change, expected);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeChange(JsonGenerator out, Change change, boolean expected) throws IOException {
        out.writeStartObject();
        if (change instanceof Change.Put<?> put) {
            out.writeStringField("put", put.type().name());
            out.writeObjectField("entity", put.entity());
            if (expected && put.expected() != null) {
                out.writeObjectField("expected", put.expected());
            }
        } else {
            out.writeStringField("delete", change.type().name());
            out.writeStringField("id", change.id().value());
        }
        out.writeEndObject();
    }

    static DecidedChanges decodeSet(byte[] bytes) throws IOException {
        try (JsonParser in = MAPPER.getFactory().createParser(bytes)) {
            expect(in.nextToken() == JsonToken.START_OBJECT, "a set of changes");
            CallId call = new CallId(0, 0);
            Proposal.Author author = Proposal.Author.CONTROLLER;
            List<Change> changes = new ArrayList<>();
            for (String field; (field = in.nextFieldName()) != null; ) {
                in.nextToken();
                if (field.equals("call")) {
                    long[] parts = in.readValueAs(long[].class);
                    expect(parts.length == 2, "a call of two numbers");
                    call = new CallId(parts[0], parts[1]);
                } else if (field.equals("author")) {
                    author = in.readValueAs(Proposal.Author.class);
                } else if (field.equals("changes")) {
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        changes.add(readChange(in));
                    }
                } else {
                    in.skipChildren();
                }
            }
            return new DecidedChanges(call, author, changes);
        } catch (RuntimeException e) {
            // Records refuse what they cannot be: bytes that went bad, or another program's.
            throw new IOException("stored form: no set of changes: " + e, e);
        }
    }

    /** The name of the kind stands before what is of that kind. */
    private static Change readChange(JsonParser in) throws IOException {
        EntityType<?> type = null;
        boolean delete = false;
        String id = null;
        Entity entity = null;
        Entity expected = null;
        for (String field; (field = in.nextFieldName()) != null; ) {
            in.nextToken();
            if (field.equals("put") || field.equals("delete")) {
                type = kind(in.getText());
                delete = field.equals("delete");
            } else if (field.equals("entity") && type != null) {
                entity = in.readValueAs(type.type());
            } else if (field.equals("expected") && type != null) {
                expected = in.readValueAs(type.type());
            } else if (field.equals("id")) {
                id = in.getText();
            } else {
                in.skipChildren();
            }
        }
        expect(type != null && (delete ? id != null : entity != null), "a change with a kind and an entity or id");
        return delete ? new Change.Delete(type, type.idOf().apply(id)) : put(type, entity, expected);
    }

    private static <E extends Entity> Change put(EntityType<E> type, Entity entity, @Nullable Entity expected) {
        return new Change.Put<>(
                type,
                type.type().cast(entity),
                expected == null ? null : type.type().cast(expected));
    }

    static EntityType<?> kind(String name) throws IOException {
        return EntityTypes.named(name)
                .orElseThrow(() -> new IOException("kind of entity '" + name
                        + "' is unknown: it was written by a newer version of this software"));
    }

    private static void expect(boolean met, String what) throws IOException {
        if (!met) {
            throw new IOException("stored form: expected " + what);
        }
    }
}
