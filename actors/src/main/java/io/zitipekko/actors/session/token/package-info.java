/** Signed tokens: the key that signs them, and the tokens of service sessions. A verifier hands out claims only when they are valid. */
@NullMarked
package io.zitipekko.actors.session.token;

import org.jspecify.annotations.NullMarked;
