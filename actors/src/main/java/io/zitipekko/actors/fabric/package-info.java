/** The controller's side of the fabric: connected routers, links, circuits, terminators. */
@NullMarked
package io.zitipekko.actors.fabric;

import org.jspecify.annotations.NullMarked;
