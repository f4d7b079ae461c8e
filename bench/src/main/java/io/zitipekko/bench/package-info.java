/** Measurements of whole networks, each part in a process of its own, as people run them. */
@NullMarked
package io.zitipekko.bench;

import org.jspecify.annotations.NullMarked;
