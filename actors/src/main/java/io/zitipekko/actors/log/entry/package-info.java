/** The stored form of the model, and what it becomes when it is applied. No Pekko, no Raft. */
@NullMarked
package io.zitipekko.actors.log.entry;

import org.jspecify.annotations.NullMarked;
