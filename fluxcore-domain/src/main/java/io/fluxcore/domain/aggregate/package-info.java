/**
 * Aggregates: what is computed per group, held in cells and objects of slots and updated by column.
 *
 * <p>May import {@code error}, {@code event}, {@code expression}, {@code row} and {@code state}.
 */
@NullMarked
package io.fluxcore.domain.aggregate;

import org.jspecify.annotations.NullMarked;
