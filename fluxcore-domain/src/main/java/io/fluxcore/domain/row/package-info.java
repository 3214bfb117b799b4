/**
 * Rows as bytes: what operators keep that hold many rows of a key, such as joins and rankings, and
 * the order of rows.
 *
 * <p>May import {@code event}, {@code expression.kernel} and {@code state}.
 */
@NullMarked
package io.fluxcore.domain.row;

import org.jspecify.annotations.NullMarked;
