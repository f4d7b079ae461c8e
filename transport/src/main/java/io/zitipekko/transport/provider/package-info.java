/** Which implementation of the JDK's ciphers, signatures and key agreements a process uses. */
@NullMarked
package io.zitipekko.transport.provider;

import org.jspecify.annotations.NullMarked;
