/** The processes that are measured: started by the launcher, watched through /proc. */
@NullMarked
package io.zitipekko.bench.process;

import org.jspecify.annotations.NullMarked;
