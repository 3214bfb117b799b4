package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The conditions on the event alone of all rules, evaluated for a batch at once. Equal conditions
 * of many rules are one; those that ask whether a field equals a constant are looked up, however
 * many there are. Used by one thread.
 */
final class EventConditions {
  /** Fewer conditions of one field are evaluated one by one. */
  private static final int INDEX_FROM = 4;

  private final Schema schema;
  private final ExpressionContext context;
  private final Map<PatternCondition, List<Long>> users = new LinkedHashMap<>();

  // by condition, after prepare
  private long[][] usersOf = new long[0][];
  private CompiledPredicate[] predicates = new CompiledPredicate[0];
  private int[] plain = new int[0];
  private List<EqualityIndex> indexes = List.of();

  // of the batch: conditions that are true, row by row
  private int[] ends = new int[0];
  private int[] hits = new int[0];
  private int[] hitRows = new int[64];
  private int[] hitConditions = new int[64];
  private int hitCount;
  private int[] scratch = new int[0];

  EventConditions(Schema schema, ExpressionContext context) {
    this.schema = schema;
    this.context = context;
  }

  /** A rule asks for a condition, as its number. */
  void add(PatternCondition condition, int rule, int number) {
    users.computeIfAbsent(condition, c -> new ArrayList<>()).add((long) rule << 6 | number);
  }

  /** All conditions were added. */
  void prepare() {
    List<PatternCondition> all = new ArrayList<>(users.keySet());
    usersOf = new long[all.size()][];
    predicates = new CompiledPredicate[all.size()];
    List<Equality> equalities = new ArrayList<>();
    for (int c = 0; c < all.size(); c++) {
      usersOf[c] =
          users.getOrDefault(all.get(c), List.of()).stream().mapToLong(Long::longValue).toArray();
      equalities.add(Equality.of(all.get(c), schema));
    }
    Map<Integer, List<Integer>> byField = new LinkedHashMap<>();
    for (int c = 0; c < all.size(); c++) {
      byField.computeIfAbsent(equalities.get(c).field(), f -> new ArrayList<>()).add(c);
    }
    List<Integer> others = new ArrayList<>();
    List<EqualityIndex> found = new ArrayList<>();
    byField.forEach(
        (field, conditions) -> {
          if (field == Equality.NONE || conditions.size() < INDEX_FROM) {
            conditions.forEach(c -> predicates[c] = compile(all.get(c)));
            others.addAll(conditions);
          } else {
            EqualityIndex index = new EqualityIndex(field);
            for (int c : conditions) {
              index.add(equalities.get(c), c, context, schema);
            }
            found.add(index);
          }
        });
    plain = others.stream().mapToInt(Integer::intValue).toArray();
    indexes = found;
  }

  private CompiledPredicate compile(PatternCondition condition) {
    return condition instanceof PatternCondition.OfEvent ofEvent
        ? ofEvent.condition().compile(schema, context)
        : Expression.parse(condition.toString()).compilePredicate(schema, context);
  }

  /** Evaluates all conditions; an error takes a condition as not true. */
  void evaluate(EventBatch batch, RowErrors errors) {
    hitCount = 0;
    if (scratch.length < batch.rowCount()) {
      scratch = new int[batch.rowCount()];
    }
    for (int c : plain) {
      hit(scratch, predicates[c].select(batch, scratch, errors), c);
    }
    for (EqualityIndex index : indexes) {
      index.evaluate(batch, errors, this::hit);
    }
    sort(batch.rowCount());
  }

  private void hit(int[] rows, int count, int condition) {
    if (hitCount + count > hitRows.length) {
      int length = Math.max(hitCount + count, 2 * hitRows.length);
      hitRows = Arrays.copyOf(hitRows, length);
      hitConditions = Arrays.copyOf(hitConditions, length);
    }
    System.arraycopy(rows, 0, hitRows, hitCount, count);
    Arrays.fill(hitConditions, hitCount, hitCount + count, condition);
    hitCount += count;
  }

  /** Puts what is true into the order of rows. */
  private void sort(int rowCount) {
    if (ends.length < rowCount + 1) {
      ends = new int[rowCount + 1];
    }
    if (hits.length < hitCount) {
      hits = new int[Math.max(hitCount, 2 * hits.length)];
    }
    Arrays.fill(ends, 0, rowCount + 1, 0);
    for (int i = 0; i < hitCount; i++) {
      ends[hitRows[i] + 1]++;
    }
    for (int row = 1; row <= rowCount; row++) {
      ends[row] += ends[row - 1];
    }
    for (int i = 0; i < hitCount; i++) {
      hits[ends[hitRows[i]]++] = hitConditions[i];
    }
  }

  private int from(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /** Whether any condition is true of a row. */
  boolean isAny(int row) {
    return ends[row] > from(row);
  }

  /**
   * Adds the bits of the conditions that are true of a row to those of the rules.
   *
   * @param bits by rule; 0 of rules that were not touched
   * @param touched receives rules whose bits are no longer 0, from {@code count} on
   * @return how many were touched now
   */
  int collect(int row, long[] bits, int[] touched, int count) {
    int all = count;
    for (int i = from(row); i < ends[row]; i++) {
      for (long user : usersOf[hits[i]]) {
        int rule = (int) (user >>> 6);
        if (bits[rule] == 0) {
          touched[all++] = rule;
        }
        bits[rule] |= 1L << (user & 63);
      }
    }
    return all;
  }
}
