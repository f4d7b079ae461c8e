/** Third parties' certificate authorities. protocol/06 section 6.8. */
@NullMarked
package io.zitipekko.api.management.ca;

import org.jspecify.annotations.NullMarked;
