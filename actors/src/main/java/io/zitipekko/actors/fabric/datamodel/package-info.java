/** The router data model: snapshots and an unbroken chain of change sets (protocol/03 section 12). */
@NullMarked
package io.zitipekko.actors.fabric.datamodel;

import org.jspecify.annotations.NullMarked;
