/** One file for each kind of entity: its look-ups, references and rules; and the one registration of them all. */
@NullMarked
package io.zitipekko.actors.model.type;

import org.jspecify.annotations.NullMarked;
