package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The largest numbers of a group, descending, each with the label of its row. Equal numbers are
 * ordered by label, null last, so the result does not depend on the order of rows. NaN is the
 * greatest number, as for max.
 */
final class RankKernel extends ObjectKernel<List<RankKernel.Ranked>> {
  private final DataType type;
  private final int limit;
  private final int labelField;
  private final @Nullable DataType labelType;
  private final List<String> names;

  /** A number and its label. */
  record Ranked(Object number, @Nullable Object label) {
    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
      return ((Comparable<Object>) a).compareTo(b);
    }

    /** Whether this comes before another. */
    boolean isBefore(Ranked other) {
      int order = compare(other.number, number);
      if (order != 0 || label == null || other.label == null) {
        return order == 0 ? label != null && other.label == null : order < 0;
      }
      return compare(label, other.label) < 0;
    }
  }

  /**
   * Without a label, or with that of a field.
   *
   * @param labelField negative for none
   * @param names of the label and the number in the result
   */
  RankKernel(
      int field,
      DataType type,
      int limit,
      int labelField,
      @Nullable DataType labelType,
      List<String> names) {
    super(field);
    this.type = type;
    this.limit = limit;
    this.labelField = labelField;
    this.labelType = labelType;
    this.names = names;
  }

  /** A value as a part of a nested one. */
  static Object nested(Object value) {
    return value instanceof Number
            || value instanceof Boolean
            || value instanceof String
            || value instanceof List
            || value instanceof Map
        ? value
        : value.toString();
  }

  @Override
  @SuppressWarnings("unchecked")
  void accumulate(
      @Nullable Object[] objects,
      int[] slots,
      EventBatch batch,
      int[] rows,
      int count,
      RowErrors errors) {
    Column numbers = batch.column(field());
    Column labels = labelField < 0 ? null : batch.column(labelField);
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (!numbers.isNull(row)) {
        List<Ranked> known = (List<Ranked>) objects[slots[i]];
        if (known == null) {
          known = create();
          objects[slots[i]] = known;
        }
        Object number = signless(Objects.requireNonNull(numbers.get(row)));
        offer(known, new Ranked(number, labels == null ? null : labels.get(row)));
      }
    }
  }

  private static Object signless(Object number) {
    return number instanceof Double d ? (Object) (d + 0.0) : number;
  }

  private void offer(List<Ranked> ranking, Ranked ranked) {
    int at = ranking.size();
    while (at > 0 && ranked.isBefore(ranking.get(at - 1))) {
      at--;
    }
    if (at < limit) {
      if (ranking.size() == limit) {
        ranking.remove(limit - 1);
      }
      ranking.add(at, ranked);
    }
  }

  @Override
  List<Ranked> create() {
    return new ArrayList<>(Math.min(limit, 10));
  }

  @Override
  List<Ranked> merge(List<Ranked> left, List<Ranked> right) {
    right.forEach(ranked -> offer(left, ranked));
    return left;
  }

  @Override
  @Nullable Object result(@Nullable List<Ranked> accumulator) {
    if (accumulator == null || accumulator.isEmpty()) {
      return null;
    }
    List<Object> list = new ArrayList<>(accumulator.size());
    for (Ranked ranked : accumulator) {
      list.add(labelField < 0 ? ranked.number() : labelled(ranked));
    }
    return list;
  }

  private Map<String, @Nullable Object> labelled(Ranked ranked) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    Object label = ranked.label();
    map.put(names.get(0), label == null ? null : nested(label));
    map.put(names.get(1), ranked.number());
    return map;
  }

  @Override
  boolean isPartial() {
    return true;
  }

  @Override
  StateSerializer<List<Ranked>> serializer() {
    String id = "top:" + limit + ":" + type + (labelType == null ? "" : ":" + labelType);
    return new ElementsSerializer<>(id, this::create) {
      @Override
      void writeElement(Ranked ranked, DataOutput out) throws IOException {
        ValueCodec.write(type, ranked.number(), out);
        if (labelType != null) {
          ValueCodec.write(labelType, ranked.label(), out);
        }
      }

      @Override
      Ranked readElement(DataInput in) throws IOException {
        Object number = ValueCodec.readPresent(type, in);
        return new Ranked(number, labelType == null ? null : ValueCodec.read(labelType, in));
      }

      /** Labels are taken to be as long as the first. */
      @Override
      public long estimatedBytes(List<Ranked> ranking) {
        return ranking.isEmpty()
            ? 0
            : ranking.size() * (48 + ObjectBytes.ofValue(ranking.get(0).label()));
      }
    };
  }
}
