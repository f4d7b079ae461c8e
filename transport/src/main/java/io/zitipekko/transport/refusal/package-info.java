/** What peers that are refused may cost: lines in the log, and places before they have proved anything. */
@NullMarked
package io.zitipekko.transport.refusal;

import org.jspecify.annotations.NullMarked;
