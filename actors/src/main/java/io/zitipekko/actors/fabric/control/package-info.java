/** The controller's end of a router's control channel. */
@NullMarked
package io.zitipekko.actors.fabric.control;

import org.jspecify.annotations.NullMarked;
