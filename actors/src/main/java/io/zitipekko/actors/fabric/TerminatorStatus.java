package io.zitipekko.actors.fabric;

import io.zitipekko.actors.model.entity.Terminator;

/**
 * A terminator with what is known of it at run time.
 *
 * @param terminator the configured record, or the soft one that a router announced
 * @param dynamicCost 0..65535, from open circuits and failed dials
 * @param soft announced by its router (SDK-hosted or tunneler), not part of the replicated model
 */
public record TerminatorStatus(Terminator terminator, int dynamicCost, boolean soft) {}
