/** The {@code memory} sink: rows collected under a name, for tests and demos. One public door. */
@NullMarked
package io.fluxcore.adapters.out.memory;

import org.jspecify.annotations.NullMarked;
