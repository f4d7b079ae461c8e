/** Where circuits may end: what hosts announced, what dials cost, which one is chosen. */
@NullMarked
package io.zitipekko.actors.fabric.terminator;

import org.jspecify.annotations.NullMarked;
