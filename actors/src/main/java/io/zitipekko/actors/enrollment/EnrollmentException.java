package io.zitipekko.actors.enrollment;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why an enrolment or renewal was refused, in OpenZiti's codes. Has no stack trace: it is an answer, not a fault. */
public final class EnrollmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The name is the code on the wire; protocol/05 section 2.1. */
    public enum Code {
        INVALID_ENROLLMENT_TOKEN(400),
        ENROLLMENT_EXPIRED(400),
        INVALID_ENROLL_METHOD(400),
        COULD_NOT_PROCESS_CSR(400),
        MISSING_OR_INVALID_CSR(400),
        COULD_NOT_VALIDATE(400),
        INVALID_CLIENT_CERT(400),
        ENROLLMENT_CA_NOT_VALID(400),
        ENROLLMENT_NO_VALID_CAS(400),
        CERT_FAILED_VALIDATION(400),
        CERT_IN_USE(409),
        UNAUTHORIZED(401),
        CAN_NOT_UPDATE_AUTHENTICATOR(409),
        NOT_FOUND(404),
        SERVER_TOO_MANY_REQUESTS(429);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        /** The HTTP status that goes with it. */
        public int status() {
            return status;
        }
    }

    private final Code code;
    private final Optional<String> field;
    private final Optional<String> cause;

    public EnrollmentException(Code code, String message) {
        this(code, message, null, null);
    }

    /**
     * @param field the request's field that is wrong, if it is one field
     * @param cause the text of the nested cause, where clients look for it
     */
    public EnrollmentException(Code code, String message, @Nullable String field, @Nullable String cause) {
        super(message, null, false, false);
        this.code = code;
        this.field = Optional.ofNullable(field);
        this.cause = Optional.ofNullable(cause);
    }

    public Code code() {
        return code;
    }

    public Optional<String> field() {
        return field;
    }

    /** The message of the error's {@code cause}. */
    public Optional<String> causeMessage() {
        return cause;
    }
}
