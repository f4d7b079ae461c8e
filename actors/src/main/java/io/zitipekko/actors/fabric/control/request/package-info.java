/** What routers ask for and report on their control channels, one class for each subject. */
@NullMarked
package io.zitipekko.actors.fabric.control.request;

import org.jspecify.annotations.NullMarked;
