package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.join.JoinType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which changes a join takes, and what it makes of them. */
final class JoinChanges {
  private final JoinConfig join;
  private final JoinBound bound;

  JoinChanges(JoinConfig join) {
    this.join = join;
    this.bound = join.bound();
  }

  Changes.Mode takes(int input) {
    boolean takesBack =
        bound instanceof JoinBound.Unbounded
            || bound instanceof JoinBound.AsOf
            || bound instanceof JoinBound.Table
            || (bound.isOfTable() && input == JoinType.RIGHT_INPUT);
    return takesBack ? Changes.Mode.RETRACT : Changes.Mode.APPEND;
  }

  /** The key of a table that is joined is that of its rows, unless it has all rows of a key. */
  boolean takesUpserts(int input) {
    return bound.isOfTable() && input == JoinType.RIGHT_INPUT && !bound.isOfAllRows();
  }

  /**
   * Where several right rows are closest, any of their fields may decide which is taken; and what a
   * left row found in a table is remembered for the whole row.
   */
  boolean usesAllFields(int input, Changes changes) {
    return bound instanceof JoinBound.Table
        ? input == JoinType.LEFT_INPUT && !changes.isAppend()
        : bound instanceof JoinBound.AsOf && input == JoinType.RIGHT_INPUT;
  }

  Changes of(List<Changes> inputs) {
    if (bound instanceof JoinBound.AsOf) {
      return Changes.retracts(uniqueKey(inputs.subList(0, 1)));
    }
    if (bound instanceof JoinBound.Table) {
      boolean isAppend = inputs.get(JoinType.LEFT_INPUT).isAppend();
      return isAppend
          ? Changes.appends()
          : Changes.retracts(uniqueKey(bound.isOfAllRows() ? inputs : inputs.subList(0, 1)));
    }
    if (!(bound instanceof JoinBound.Unbounded)) {
      return Changes.appends();
    }
    boolean isAppend = join.type() == JoinType.INNER && inputs.stream().allMatch(Changes::isAppend);
    return new Changes(isAppend ? Changes.Mode.APPEND : Changes.Mode.RETRACT, uniqueKey(inputs));
  }

  /**
   * The keys of these inputs, if rows are made of them, name a result; null if one is not known.
   */
  private @Nullable List<String> uniqueKey(List<Changes> inputs) {
    List<String> names = new ArrayList<>();
    for (int input = 0; input < (join.type().givesPairs() ? inputs.size() : 1); input++) {
      List<String> key = inputs.get(input).key();
      if (key == null) {
        return null;
      }
      for (String field : key) {
        names.add(join.prefix(input) + field);
      }
    }
    return names;
  }
}
