package io.zitipekko.transport.channel;

/** What an acceptor makes of a Hello, before any Result is written. */
public sealed interface HelloAnswer {
    /**
     * Go on: join the group or open the channel, and write a success Result.
     *
     * @param proven what the underlay's certificate proved (say, the router id and the fingerprint): an underlay that joins a group
     *     must have proved the same as the group's first
     * @param resultHeaders added to the Result's own
     */
    record Accept(String proven, Headers resultHeaders) implements HelloAnswer {}

    /** Close without a Result; {@code reason} goes to our log only. */
    record Drop(String reason) implements HelloAnswer {}

    /** Answer Result(false) with this text, then close. */
    record Reject(String text) implements HelloAnswer {}
}
