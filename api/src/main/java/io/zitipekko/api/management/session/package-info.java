/** API sessions and service sessions as administrators see them. protocol/06 section 6.14. */
@NullMarked
package io.zitipekko.api.management.session;

import org.jspecify.annotations.NullMarked;
