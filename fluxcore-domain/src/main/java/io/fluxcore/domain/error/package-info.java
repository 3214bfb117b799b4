/**
 * Errors as data: one exception family with a stable code, a category and, for text input, a place.
 *
 * <p>Imports nothing of FluxCore.
 */
@NullMarked
package io.fluxcore.domain.error;

import org.jspecify.annotations.NullMarked;
