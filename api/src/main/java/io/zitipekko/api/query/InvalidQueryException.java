package io.zitipekko.api.query;

/** A filter or sort order that cannot be used. Has no stack trace: it is an answer, not a fault. */
public final class InvalidQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which part is wrong. */
    public enum Part {
        FILTER,
        SORT
    }

    private final Part part;

    InvalidQueryException(Part part, String message) {
        super(message, null, false, false);
        this.part = part;
    }

    static InvalidQueryException filter(String message) {
        return new InvalidQueryException(Part.FILTER, message);
    }

    static InvalidQueryException sort(String message) {
        return new InvalidQueryException(Part.SORT, message);
    }

    public Part part() {
        return part;
    }
}
