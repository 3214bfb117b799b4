/**
 * The {@code generator} source: made-up events, each a pure function of the seed and its index. One
 * public door.
 */
@NullMarked
package io.fluxcore.adapters.in.generator;

import org.jspecify.annotations.NullMarked;
