package io.zitipekko.actors.model.entity;

/** What a service policy allows. The wire number is {@code ordinal() + 1} (protocol/03 section 4.3). */
public enum PolicyType {
    DIAL,
    BIND
}
