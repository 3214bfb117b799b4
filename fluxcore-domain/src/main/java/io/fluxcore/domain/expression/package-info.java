/**
 * Expressions: parsed once, checked against a schema, evaluated by column.
 *
 * <p>May import {@code error} and {@code event}.
 */
@NullMarked
package io.fluxcore.domain.expression;

import org.jspecify.annotations.NullMarked;
