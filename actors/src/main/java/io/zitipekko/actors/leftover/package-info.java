/** What goes away in small batches: what deleted entities left, and whatever else an actor has to delete much of. */
@NullMarked
package io.zitipekko.actors.leftover;

import org.jspecify.annotations.NullMarked;
