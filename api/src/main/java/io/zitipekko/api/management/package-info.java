/** The edge management API: what administrators, consoles and tools use. protocol/06. */
@NullMarked
package io.zitipekko.api.management;

import org.jspecify.annotations.NullMarked;
