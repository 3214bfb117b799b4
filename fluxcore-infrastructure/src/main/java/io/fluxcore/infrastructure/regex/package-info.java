/** Regular expressions that match in linear time, by RE2/J. */
@NullMarked
package io.fluxcore.infrastructure.regex;

import org.jspecify.annotations.NullMarked;
