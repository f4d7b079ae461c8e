/** The folder that holds a node's copy of the model's log: whose it is, who uses it, whether its end is whole. */
@NullMarked
package io.zitipekko.actors.log.folder;

import org.jspecify.annotations.NullMarked;
