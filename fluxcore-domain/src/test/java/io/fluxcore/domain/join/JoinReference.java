package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What a join must give, in the most naive way: every row beside every other. */
final class JoinReference {
  /** A row, and whether it has matched. */
  static final class Row {
    final Script.Row row;
    boolean matched;

    Row(Script.Row row) {
      this.row = row;
    }

    long time() {
      return row.timestamp();
    }
  }

  private final EquiJoin join;
  private final boolean conditional;
  private final Schema output;
  private final List<String> results = new ArrayList<>();

  JoinReference(EquiJoin join, boolean conditional, Schema output) {
    this.join = join;
    this.conditional = conditional;
    this.output = output;
  }

  List<String> results() {
    return results;
  }

  private @Nullable Object value(Script.Row row, String name) {
    return row.values().get(join.fields().input(row.input()).ordinal(name));
  }

  /** Whether the keys are equal and the condition is true. */
  boolean matches(Script.Row left, Script.Row right) {
    for (int i = 0; i < join.leftKeys().size(); i++) {
      Object key = value(left, join.leftKeys().get(i));
      if (key == null || !Objects.equals(key, value(right, join.rightKeys().get(i)))) {
        return false;
      }
    }
    Long paid = (Long) value(right, "paid");
    Long amount = (Long) value(left, "amount");
    return !conditional || (paid != null && amount != null && paid >= amount);
  }

  /** Whether no field of a row's key is null. */
  boolean hasKey(Script.Row row) {
    List<String> names = row.input() == 0 ? join.leftKeys() : join.rightKeys();
    return names.stream().allMatch(name -> value(row, name) != null);
  }

  /** Whether two rows of one input have one key. */
  boolean sameKey(Script.Row one, Script.Row other) {
    List<String> names = one.input() == 0 ? join.leftKeys() : join.rightKeys();
    return names.stream().allMatch(name -> Objects.equals(value(one, name), value(other, name)));
  }

  /** The result of a row with the last of the changes up to its time. */
  void addAsOf(Script.Row left, List<Script.Row> changes, @Nullable Duration life) {
    JoinReference keys = new JoinReference(join, false, output);
    Script.Row version = null;
    for (Script.Row change : changes) {
      if (keys.matches(left, change)
          && change.timestamp() <= left.timestamp()
          && (version == null || change.timestamp() >= version.timestamp())) {
        version = change;
      }
    }
    boolean isValid =
        version != null
            && version.kind() != RowKind.DELETE
            && matches(left, version)
            && (life == null || left.timestamp() - version.timestamp() < life.toMillis());
    if (isValid || join.type() == JoinType.LEFT) {
      add(
          new Row(left),
          isValid && version != null ? new Row(version) : null,
          (row, none) -> left.timestamp());
    }
  }

  /** How a result is timed and what it ends with. */
  interface Result {
    long time(@Nullable Row left, @Nullable Row right);

    default List<Object> constants() {
      return List.of();
    }
  }

  /** All results of these rows. */
  void join(List<Row> lefts, List<Row> rights, BiPredicate<Row, Row> mayMatch, Result result) {
    lefts.forEach(row -> row.matched = false);
    rights.forEach(row -> row.matched = false);
    for (Row left : lefts) {
      for (Row right : rights) {
        if (matches(left.row, right.row) && mayMatch.test(left, right)) {
          left.matched = true;
          right.matched = true;
          if (join.type().givesPairs()) {
            add(left, right, result);
          }
        }
      }
    }
    for (Row left : lefts) {
      if (join.type() == JoinType.SEMI ? left.matched : !left.matched && gives(0)) {
        add(left, null, result);
      }
    }
    for (Row right : rights) {
      if (!right.matched && gives(1)) {
        add(null, right, result);
      }
    }
  }

  private boolean gives(int input) {
    return join.type().givesUnmatched(input);
  }

  /** One result. */
  void add(@Nullable Row left, @Nullable Row right, Result result) {
    List<@Nullable Object> values = new ArrayList<>();
    for (JoinFields.Joined field : join.fields().fields().subList(0, join.fields().emitted())) {
      Row of = field.input() == 0 ? left : right;
      values.add(of == null ? null : of.row.values().get(field.ordinal()));
    }
    values.addAll(result.constants());
    results.add(Rows.text(EventRecord.of(output, result.time(left, right), values.toArray())));
  }

  static String text(Script.Row row, Schema schema) {
    return Rows.text(EventRecord.of(schema, row.timestamp(), row.values().toArray()));
  }
}
