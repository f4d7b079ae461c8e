/** JMH benchmarks of what each payload goes through, each beside the class that it measures in docs/data-plane.md. */
@NullMarked
package io.zitipekko.bench.jmh;

import org.jspecify.annotations.NullMarked;
