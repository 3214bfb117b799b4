package io.fluxcore.infrastructure.sql.statement;

import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.rowpattern.RowPattern;
import io.fluxcore.domain.rowpattern.RowSkip;
import io.fluxcore.domain.rowpattern.RowsPerMatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a row pattern says: the parentheses behind {@code MATCH_RECOGNIZE}, or those of a window
 * with a {@code PATTERN}. Immutable.
 *
 * @param place where it begins
 * @param frame rows behind its first that a match may have; {@code RowMatching.UNBOUNDED}: any
 * @param within how long a match takes at most; null for any time
 * @param subsets names of unions of variables
 * @param definitions of variables
 */
public record RowPatternClause(
    Place place,
    List<Name> partitionBy,
    List<Order> orderBy,
    List<Measure> measures,
    RowsPerMatch rowsPerMatch,
    RowSkip skip,
    RowPattern pattern,
    long frame,
    @Nullable SqlText within,
    Map<String, Set<String>> subsets,
    Map<String, SqlText> definitions) {
  public RowPatternClause {
    partitionBy = List.copyOf(partitionBy);
    orderBy = List.copyOf(orderBy);
    measures = List.copyOf(measures);
    subsets = Map.copyOf(subsets);
    definitions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(definitions));
  }

  /** The name of a column. */
  public record Name(String name, Place place) {}

  /** A column of the order. */
  public record Order(Name column, boolean descending) {}

  /** A result. */
  public record Measure(SqlText expression, String name) {}

  /** The same with other measures. */
  RowPatternClause withMeasures(List<Measure> newMeasures) {
    return new RowPatternClause(
        place,
        partitionBy,
        orderBy,
        newMeasures,
        rowsPerMatch,
        skip,
        pattern,
        frame,
        within,
        subsets,
        definitions);
  }

  /** The same, and the search for the next match begins elsewhere. */
  RowPatternClause withSkip(RowSkip newSkip) {
    return new RowPatternClause(
        place,
        partitionBy,
        orderBy,
        measures,
        rowsPerMatch,
        newSkip,
        pattern,
        frame,
        within,
        subsets,
        definitions);
  }

  /** The variables that a name stands for; none if it is neither a variable nor a subset. */
  public Set<String> variables(String name) {
    if (pattern.variables().contains(name)) {
      return Set.of(name);
    }
    return subsets.getOrDefault(name, Set.of());
  }

  /** What may stand before a point. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(pattern.variables());
    names.addAll(subsets.keySet());
    return names;
  }
}
