/** The removal of what deleted entities left. */
@NullMarked
package io.zitipekko.actors.leftover;

import org.jspecify.annotations.NullMarked;
