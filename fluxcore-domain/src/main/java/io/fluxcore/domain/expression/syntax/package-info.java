/**
 * The text of expressions: tokens, the tree, the parser and the printer that gives the canonical
 * text back. Used by {@code expression} only.
 *
 * <p>May import {@code error} and {@code event}.
 */
@NullMarked
package io.fluxcore.domain.expression.syntax;

import org.jspecify.annotations.NullMarked;
