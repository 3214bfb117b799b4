package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.expression.ExpressionContext;

/**
 * What operators are made with.
 *
 * @param expressions functions and conventions of expressions
 * @param sketches makes the sketches of approximate aggregates
 * @param lookups makes lookups of their connectors
 */
public record OperatorTools(
    ExpressionContext expressions, SketchFactory sketches, LookupFactory lookups) {}
