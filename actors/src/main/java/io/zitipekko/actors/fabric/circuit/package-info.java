/** Circuits: admission, routing over all hops, rerouting, removal. */
@NullMarked
package io.zitipekko.actors.fabric.circuit;

import org.jspecify.annotations.NullMarked;
