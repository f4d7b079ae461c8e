/** What is not an entity: summary, fixed lists, lists of what there is nothing of yet. protocol/06 section 6.16. */
@NullMarked
package io.zitipekko.api.management.system;

import org.jspecify.annotations.NullMarked;
