/** Identities and how they prove themselves: authenticators, enrollments, authentication policies. protocol/06 sections 6.1, 6.9 to 6.11. */
@NullMarked
package io.zitipekko.api.management.identity;

import org.jspecify.annotations.NullMarked;
