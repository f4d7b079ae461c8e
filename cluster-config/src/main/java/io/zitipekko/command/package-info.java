/** The command line. */
@NullMarked
package io.zitipekko.command;

import org.jspecify.annotations.NullMarked;
