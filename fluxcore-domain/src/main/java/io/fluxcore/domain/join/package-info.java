/**
 * Joins of two inputs by the equality of keys, bounded by time: the rows of a window, rows within
 * an interval of each other, the version of a table that was valid at a row's time, and what a
 * table holds when a row comes. And of all rows, as changelogs: every row with those of its key, or
 * with the closest of them.
 *
 * <p>May import {@code changelog}, {@code error}, {@code event}, {@code expression}, {@code key},
 * {@code keyed}, {@code operator}, {@code rank}, {@code row}, {@code state} and {@code window}.
 */
@NullMarked
package io.fluxcore.domain.join;

import org.jspecify.annotations.NullMarked;
