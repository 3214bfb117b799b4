/**
 * Sorting on the watermark: rows are held until event time has passed them, and leave in its order.
 *
 * <p>May import {@code error}, {@code event}, {@code expression.kernel}, {@code key}, {@code
 * operator}, {@code row}, {@code state} and {@code window}.
 */
@NullMarked
package io.fluxcore.domain.sort;

import org.jspecify.annotations.NullMarked;
