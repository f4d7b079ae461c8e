/** The model's log on Apache Ratis. The only package that knows it, besides the transport under it. */
@NullMarked
package io.zitipekko.actors.log.ratis;

import org.jspecify.annotations.NullMarked;
