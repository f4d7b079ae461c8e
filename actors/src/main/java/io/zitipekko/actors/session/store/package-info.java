/** Sessions as they stand in the model, the actors of their life, and the decisions made from them. Assembled by {@code SessionServices}. */
@NullMarked
package io.zitipekko.actors.session.store;

import org.jspecify.annotations.NullMarked;
