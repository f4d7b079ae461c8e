/** What this machine can do without an overlay; the limits that every figure stands beside. */
@NullMarked
package io.zitipekko.bench.floor;

import org.jspecify.annotations.NullMarked;
