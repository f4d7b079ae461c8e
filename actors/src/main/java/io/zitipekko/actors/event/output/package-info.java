/** Events on their way out of the process: chosen, written as JSON lines, never in the way of what caused them. */
@NullMarked
package io.zitipekko.actors.event.output;

import org.jspecify.annotations.NullMarked;
