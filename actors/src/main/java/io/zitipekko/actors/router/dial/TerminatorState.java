package io.zitipekko.actors.router.dial;

/** The answer about one terminator (RouterTerminatorState). */
public sealed interface TerminatorState {
    /** It is here and can be dialled. */
    record Valid(String detail) implements TerminatorState {}

    /** It is not; {@code reason}'s wire number is the ordinal. */
    record Invalid(Reason reason, String detail) implements TerminatorState {}

    /** Not decided in time: the answer leaves it out, and is asked again. */
    record Undecided() implements TerminatorState {}

    /** Why a terminator is no good. */
    enum Reason {
        UNKNOWN_BINDING,
        UNKNOWN_TERMINATOR,
        BAD_STATE
    }
}
