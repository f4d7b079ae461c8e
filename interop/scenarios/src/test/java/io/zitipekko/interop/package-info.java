/** Our network with other people's software on it: what must hold for those who did not write it. */
@NullMarked
package io.zitipekko.interop;

import org.jspecify.annotations.NullMarked;
