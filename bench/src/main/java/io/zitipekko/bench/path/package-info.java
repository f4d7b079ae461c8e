/** A path between two places on this machine that delays and loses packets, and what the network makes of it. */
@NullMarked
package io.zitipekko.bench.path;

import org.jspecify.annotations.NullMarked;
