/** What the ends of a measured circuit do: move bytes, exchange messages, dial again and again, or only stay open. */
@NullMarked
package io.zitipekko.bench.circuit;

import org.jspecify.annotations.NullMarked;
