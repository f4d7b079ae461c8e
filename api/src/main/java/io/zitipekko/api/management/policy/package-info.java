/** Policies of all three kinds, and the role attributes that they name. protocol/06 sections 5.1, 6.3, 6.15. */
@NullMarked
package io.zitipekko.api.management.policy;

import org.jspecify.annotations.NullMarked;
