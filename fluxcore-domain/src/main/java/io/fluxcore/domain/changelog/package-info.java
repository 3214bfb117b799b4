/**
 * Changelogs: streams whose rows do not only add but also change and take back. What kinds of rows
 * a stream has, and the operators that bring one kind into another.
 */
@NullMarked
package io.fluxcore.domain.changelog;

import org.jspecify.annotations.NullMarked;
