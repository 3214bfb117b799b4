/** The {@code discard} sink: rows are taken, and nothing is kept of them. One public door. */
@NullMarked
package io.fluxcore.adapters.out.discard;

import org.jspecify.annotations.NullMarked;
