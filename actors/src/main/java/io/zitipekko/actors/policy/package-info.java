/** What policies allow: role expressions, the index, decisions. No Pekko. */
@NullMarked
package io.zitipekko.actors.policy;

import org.jspecify.annotations.NullMarked;
