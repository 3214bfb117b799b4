/**
 * Loops over the arrays of columns: what an evaluated expression spends its time in. Each loop runs
 * over the first {@code count} entries of a selection, or over rows {@code 0..count} where the
 * selection is null; it is written so that the compiler takes that question, and the one about
 * nulls, out of the loop. Kernels write only rows of the selection. Used by {@code expression}
 * only.
 *
 * <p>May import {@code event}.
 */
@NullMarked
package io.fluxcore.domain.expression.kernel;

import org.jspecify.annotations.NullMarked;
