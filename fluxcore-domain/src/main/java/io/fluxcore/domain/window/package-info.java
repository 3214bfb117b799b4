/**
 * Windows: which windows a row belongs to, when they fire, and the operators that aggregate them.
 *
 * <p>May import {@code aggregate}, {@code error}, {@code event}, {@code key}, {@code operator},
 * {@code state} and {@code time}.
 */
@NullMarked
package io.fluxcore.domain.window;

import org.jspecify.annotations.NullMarked;
