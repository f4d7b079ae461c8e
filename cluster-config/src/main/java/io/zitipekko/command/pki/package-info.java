/** The pki command: authorities and certificates. */
@NullMarked
package io.zitipekko.command.pki;

import org.jspecify.annotations.NullMarked;
