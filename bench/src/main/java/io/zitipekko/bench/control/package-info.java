/** The control plane: log-ins, lists, writes, bindings, and what a controller costs to start again. */
@NullMarked
package io.zitipekko.bench.control;

import org.jspecify.annotations.NullMarked;
