/** The {@code values} source: rows that the job itself says. One public door. */
@NullMarked
package io.fluxcore.adapters.in.values;

import org.jspecify.annotations.NullMarked;
