/** Filters, sorting and paging of lists: the language, its evaluation over records, and nothing of what is listed. protocol/06 section 2. */
@NullMarked
package io.zitipekko.api.query;

import org.jspecify.annotations.NullMarked;
