/** What all fuzz targets share: seeds, and what every decoder must keep to. The targets themselves stand in the packages of what they try. */
@NullMarked
package io.zitipekko.fuzz;

import org.jspecify.annotations.NullMarked;
