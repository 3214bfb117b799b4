package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.expression.Expression;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A condition or a measure: an expression over values of the rows of a match. Immutable.
 *
 * @param expression over a field for each term
 * @param terms by the names of these fields, in order
 */
public record MatchExpression(Expression expression, Map<String, MatchTerm> terms) {
  public MatchExpression {
    terms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /** The fields of rows that it reads. */
  public Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    terms.values().forEach(term -> term.arguments().forEach(a -> fields.addAll(a.fields())));
    fields.remove(MatchTerm.CLASSIFIER);
    fields.remove(MatchTerm.MATCH_NUMBER);
    return fields;
  }

  @Override
  public String toString() {
    return terms.isEmpty() ? expression.text() : expression.text() + " of " + terms;
  }
}
