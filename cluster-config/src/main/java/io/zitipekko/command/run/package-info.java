/** Nodes: controller and router. */
@NullMarked
package io.zitipekko.command.run;

import org.jspecify.annotations.NullMarked;
