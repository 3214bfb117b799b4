/** Wrong statements of all kinds: each is rejected in order, with its place. */
@NullMarked
package io.fluxcore.infrastructure.sql.fuzz;

import org.jspecify.annotations.NullMarked;
