/** A whole network on this machine: for a first look, for demonstrations, and under the scenario tests. */
@NullMarked
package io.zitipekko.quickstart;

import org.jspecify.annotations.NullMarked;
