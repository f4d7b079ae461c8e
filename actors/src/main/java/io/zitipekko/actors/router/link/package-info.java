/** Links to other routers: dialing, accepting, duplicates, reports (protocol/04 section 1). */
@NullMarked
package io.zitipekko.actors.router.link;

import org.jspecify.annotations.NullMarked;
