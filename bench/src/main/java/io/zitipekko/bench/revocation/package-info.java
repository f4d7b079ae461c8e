/** How soon a connection ends after its right has. */
@NullMarked
package io.zitipekko.bench.revocation;

import org.jspecify.annotations.NullMarked;
