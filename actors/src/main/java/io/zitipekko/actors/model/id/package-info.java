/** The ids of entities, a type of its own for each kind. No Pekko. */
@NullMarked
package io.zitipekko.actors.model.id;

import org.jspecify.annotations.NullMarked;
