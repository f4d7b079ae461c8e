/** The data plane: bulk, round trips, dials. */
@NullMarked
package io.zitipekko.bench.data;

import org.jspecify.annotations.NullMarked;
