/** Whose an SDK channel is, by which rights it does what it does, and what it is told when it has none (protocol/02 sections 4, 7 and 16). */
@NullMarked
package io.zitipekko.actors.router.edge.session;

import org.jspecify.annotations.NullMarked;
