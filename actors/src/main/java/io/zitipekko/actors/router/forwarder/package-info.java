/** The router's data plane: which circuit goes where (protocol/04 sections 4 and 5). */
@NullMarked
package io.zitipekko.actors.router.forwarder;

import org.jspecify.annotations.NullMarked;
