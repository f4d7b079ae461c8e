package io.zitipekko.actors.model.entity;

/**
 * The external id that a certificate of a third party's authority gave an identity at a log-in without an authenticator. Such a log-in rests on
 * both: that the authority still claims so, and that the identity still has that external id.
 *
 * @param claim of the authority, then
 * @param externalId of the identity, then
 */
public record ClaimedId(ExternalIdClaim claim, String externalId) {}
