/** From a one-time enrollment token to an identity file (protocol/05 section 7). */
@NullMarked
package io.zitipekko.sdk.enroll;

import org.jspecify.annotations.NullMarked;
