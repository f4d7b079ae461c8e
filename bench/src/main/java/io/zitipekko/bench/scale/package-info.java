/** How figures change as the load doubles, and the curves of it. */
@NullMarked
package io.zitipekko.bench.scale;

import org.jspecify.annotations.NullMarked;
