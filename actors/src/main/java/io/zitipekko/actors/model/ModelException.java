package io.zitipekko.actors.model;

import java.util.Optional;

/** Why the model refused. Carries what an API answer needs: kind, field, value. Has no stack trace: it is an answer, not a fault. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal. */
    public enum Kind {
        /** The entity that the change is about does not exist. */
        NOT_FOUND,
        /** A unique key is taken, or a created id exists. */
        NOT_UNIQUE,
        /** A field's value is not acceptable. */
        INVALID,
        /** A field names an entity that does not exist. */
        REFERENCE_NOT_FOUND,
        /** Something still refers to it. */
        REFERENCED,
        /** Built in, or otherwise not to be changed or deleted. */
        PROTECTED,
        /** It changed since it was read: read again and retry. */
        CONFLICT,
        /** No controller leads now, or none in time. The outcome is unknown. */
        NO_LEADER,
        /** The log cannot be written (disk full, not writable). What was being written when that was found out may be there after a restart. */
        UNWRITABLE,
        /** More is queued than the writer takes: later. */
        OVERLOADED
    }

    private final Kind kind;
    private final Optional<String> field;
    private final Optional<Object> value;

    public ModelException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public ModelException(
            Kind kind,
            String message,
            @org.jspecify.annotations.Nullable String field,
            @org.jspecify.annotations.Nullable Object value) {
        super(message, null, false, false);
        this.kind = kind;
        this.field = Optional.ofNullable(field);
        this.value = Optional.ofNullable(value);
    }

    public Kind kind() {
        return kind;
    }

    public Optional<String> field() {
        return field;
    }

    public Optional<Object> value() {
        return value;
    }
}
