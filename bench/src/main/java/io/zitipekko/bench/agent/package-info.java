/** The other side of the bench: what runs inside the processes that use the network. */
@NullMarked
package io.zitipekko.bench.agent;

import org.jspecify.annotations.NullMarked;
