/** The {@code console} sink: rows as lines on standard output. One public door. */
@NullMarked
package io.fluxcore.adapters.out.console;

import org.jspecify.annotations.NullMarked;
