/**
 * Who may log in, and how: passwords, certificates, policies; {@code IdentityActor} for what is live of one identity (attempts, presence,
 * sessions).
 */
@NullMarked
package io.zitipekko.actors.identity;

import org.jspecify.annotations.NullMarked;
