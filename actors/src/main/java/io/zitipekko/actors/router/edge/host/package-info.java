/** What SDKs host at this router: listeners, their terminators, and the dialling of them (protocol/02 sections 9 and 10). */
@NullMarked
package io.zitipekko.actors.router.edge.host;

import org.jspecify.annotations.NullMarked;
