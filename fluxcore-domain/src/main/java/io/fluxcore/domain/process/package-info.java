/**
 * Keyed process functions: user code that sees the rows of a key in order, keeps state for it and
 * sets timers. States are declared ({@link io.fluxcore.domain.process.StateDescriptor}), and live
 * in tables of the state backend.
 *
 * <p>May import {@code error}, {@code event}, {@code key}, {@code operator}, {@code state}, {@code
 * time} and {@code transform}.
 */
@NullMarked
package io.fluxcore.domain.process;

import org.jspecify.annotations.NullMarked;
