/** Certificates as files: the folder layout that quickstart and the {@code pki} command write and read (protocol/07 section 20). */
@NullMarked
package io.zitipekko.pki;

import org.jspecify.annotations.NullMarked;
