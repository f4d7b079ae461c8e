package io.zitipekko.actors.model.entity;

/** Whether an entity must carry all or any of the role attributes that a policy names. */
public enum Semantic {
    ALL_OF,
    ANY_OF
}
