/** Using services without writing code: enroll, proxy, host. */
@NullMarked
package io.zitipekko.command.use;

import org.jspecify.annotations.NullMarked;
