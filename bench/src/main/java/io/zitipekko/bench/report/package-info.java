/** What was measured: figures, their statistics, the table for people, the lines for machines, the comparison. */
@NullMarked
package io.zitipekko.bench.report;

import org.jspecify.annotations.NullMarked;
