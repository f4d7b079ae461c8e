/** Edge routers, and all routers as the older API shows them. protocol/06 sections 6.4, 6.5. */
@NullMarked
package io.zitipekko.api.management.router;

import org.jspecify.annotations.NullMarked;
