/** The replicated model log: ModelActor, ModelLog on Apache Ratis, its messages over Artery, snapshots. */
@NullMarked
package io.zitipekko.actors.log;

import org.jspecify.annotations.NullMarked;
