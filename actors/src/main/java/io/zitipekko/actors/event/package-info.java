/** What happened, for whom. */
@NullMarked
package io.zitipekko.actors.event;

import org.jspecify.annotations.NullMarked;
