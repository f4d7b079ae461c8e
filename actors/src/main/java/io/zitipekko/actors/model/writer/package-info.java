/** The single writer: what a proposal becomes, or why it is refused. */
@NullMarked
package io.zitipekko.actors.model.writer;

import org.jspecify.annotations.NullMarked;
