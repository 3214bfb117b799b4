/**
 * A small typed language with SQL's syntax and null semantics: declared as an {@link
 * io.fluxcore.domain.expression.Expression}, checked and compiled against a schema into a {@link
 * io.fluxcore.domain.expression.CompiledExpression}, evaluated by column. Holds the one function
 * catalogue, the port of regular expressions, and the typed conditions of builders and job files.
 *
 * <p>May import {@code error}, {@code event} and its own sub-packages {@code syntax} and {@code
 * kernel}, which import nothing from here.
 */
@NullMarked
package io.fluxcore.domain.expression;

import org.jspecify.annotations.NullMarked;
