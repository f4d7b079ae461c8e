/** The network as a graph and the cheapest ways through it. No Pekko. */
@NullMarked
package io.zitipekko.actors.fabric.path;

import org.jspecify.annotations.NullMarked;
