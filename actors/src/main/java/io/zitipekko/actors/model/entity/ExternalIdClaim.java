package io.zitipekko.actors.model.entity;

/**
 * Where a certificate of a third party's authority names the identity that it is for: values of a place, those of them that match, the parts
 * that they are made of, and which of all these it is. protocol/06 section 6.8.
 *
 * @param index from 0
 */
public record ExternalIdClaim(
        Location location, Matcher matcher, String matcherCriteria, Parser parser, String parserCriteria, int index) {
    /** Where the values are. */
    public enum Location {
        COMMON_NAME,
        SAN_URI,
        SAN_EMAIL
    }

    /** Which values count. */
    public enum Matcher {
        ALL,
        PREFIX,
        SUFFIX,
        /** The scheme of a URI. */
        SCHEME
    }

    /** What a value is made of. */
    public enum Parser {
        /** Of itself. */
        NONE,
        SPLIT
    }
}
