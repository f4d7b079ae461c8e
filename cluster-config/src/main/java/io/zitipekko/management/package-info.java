/** A client of the management API, for the command line and for quickstart. */
@NullMarked
package io.zitipekko.management;

import org.jspecify.annotations.NullMarked;
