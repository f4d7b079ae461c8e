/** The policy index: bitmaps of role attributes and of what policies select, kept up to date change by change. No Pekko. */
@NullMarked
package io.zitipekko.actors.policy.index;

import org.jspecify.annotations.NullMarked;
