/**
 * All jobs of a server together: how they are submitted, which of them the server has and how it
 * takes on those of servers that are gone, what users ask of them, and the desks for their
 * savepoints and dead letters. Stands behind the front doors of {@code io.fluxcore.application},
 * and may import everything of the application.
 */
@NullMarked
package io.fluxcore.application.control;

import org.jspecify.annotations.NullMarked;
