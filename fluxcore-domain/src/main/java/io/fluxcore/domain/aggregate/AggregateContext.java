package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.ExpressionContext;

/**
 * What aggregates are bound with, besides a schema. Immutable and thread-safe.
 *
 * @param expressions what their conditions are compiled with
 * @param sketches makes the sketches of approximate aggregates
 * @param changelog whether the input may take rows back; state that only this needs is left out
 *     where it may not
 */
public record AggregateContext(
    ExpressionContext expressions, SketchFactory sketches, boolean changelog) {
  /** Standard functions without regular expressions, no sketches, any input. */
  public static final AggregateContext STANDARD =
      new AggregateContext(
          ExpressionContext.of(
              pattern -> {
                throw new FluxCoreException(
                    ErrorCategory.USER,
                    Diagnostic.error(
                        "FLX-AGG-0007",
                        Place.WHOLE,
                        "'" + pattern + "' cannot be compiled: there are no regular expressions",
                        "bind the aggregates with a context that has them"));
              }),
          SketchFactory.NONE,
          true);

  /** The same for an input that only inserts, or for any. */
  public AggregateContext withChangelog(boolean newChangelog) {
    return new AggregateContext(expressions, sketches, newChangelog);
  }
}
