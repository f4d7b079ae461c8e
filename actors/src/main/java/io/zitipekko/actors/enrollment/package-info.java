/** How identities and routers come by their certificates. */
@NullMarked
package io.zitipekko.actors.enrollment;

import org.jspecify.annotations.NullMarked;
