package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.ObjectBytes;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of a field, nulls included, in an order of rows that is told; rows that are equal in
 * it are in the order of their arrival. Where nothing is taken back and only an end is asked for,
 * only that is kept. A value that is taken back is the last one that is equal.
 */
final class OrderedValues extends ObjectKernel<List<OrderedValues.Entry>> {
  private static final long ENTRY_BYTES = 56;

  private final DataType type;
  private final List<SortField> order;
  private final SortKeys keys;
  private final Part part;
  private final boolean changelog;

  /** Which of the values are asked for. */
  enum Part {
    FIRST,
    LAST,
    ALL
  }

  /** A value and where it belongs. */
  record Entry(byte[] key, @Nullable Object value) {}

  OrderedValues(int field, Schema input, List<SortField> order, Part part, boolean changelog) {
    super(field);
    this.type = input.type(field);
    this.order = order;
    this.keys = new SortKeys(order, input);
    this.part = part;
    this.changelog = changelog;
  }

  @Override
  List<Entry> create() {
    return new ArrayList<>(1);
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
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      List<Entry> entries = (List<Entry>) objects[slots[i]];
      if (entries == null) {
        entries = create();
        objects[slots[i]] = entries;
      }
      keys.encode(batch.columns(), row);
      Entry entry =
          new Entry(Arrays.copyOf(keys.bytes(), keys.length()), batch.column(field()).get(row));
      if (batch.rowKind(row).isRetraction()) {
        remove(entries, entry);
      } else {
        add(entries, entry);
      }
    }
  }

  /** Behind those that are equal in the order. */
  private void add(List<Entry> entries, Entry entry) {
    entries.add(behind(entries, entry.key()), entry);
    if (!changelog && part != Part.ALL && entries.size() > 1) {
      entries.remove(part == Part.FIRST ? 1 : 0);
    }
  }

  private static int behind(List<Entry> entries, byte[] key) {
    int from = 0;
    int to = entries.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (Arrays.compareUnsigned(entries.get(middle).key(), key) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private static void remove(List<Entry> entries, Entry entry) {
    int at = behind(entries, entry.key()) - 1;
    while (at >= 0 && Arrays.equals(entries.get(at).key(), entry.key())) {
      if (Objects.deepEquals(entries.get(at).value(), entry.value())) {
        entries.remove(at);
        return;
      }
      at--;
    }
  }

  @Override
  List<Entry> merge(List<Entry> left, List<Entry> right) {
    right.forEach(entry -> add(left, entry));
    return left;
  }

  @Override
  @Nullable Object result(@Nullable List<Entry> entries) {
    if (entries == null || entries.isEmpty()) {
      return null;
    }
    if (part != Part.ALL) {
      return entries.get(part == Part.FIRST ? 0 : entries.size() - 1).value();
    }
    List<@Nullable Object> values = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Object value = entry.value();
      values.add(value == null ? null : RankKernel.nested(value));
    }
    return values;
  }

  @Override
  boolean canRetract() {
    return changelog;
  }

  @Override
  boolean dependsOnArrival() {
    return true;
  }

  @Override
  StateSerializer<List<Entry>> serializer() {
    return new ElementsSerializer<>("ordered:" + part + ":" + type + ":" + order, this::create) {
      @Override
      void writeElement(Entry entry, DataOutput out) throws IOException {
        out.writeInt(entry.key().length);
        out.write(entry.key());
        ValueCodec.write(type, entry.value(), out);
      }

      @Override
      Entry readElement(DataInput in) throws IOException {
        byte[] key = new byte[in.readInt()];
        in.readFully(key);
        return new Entry(key, ValueCodec.read(type, in));
      }

      /** Values are taken to be as large as the first. */
      @Override
      public long estimatedBytes(List<Entry> entries) {
        return entries.isEmpty()
            ? 0
            : entries.size()
                * (ENTRY_BYTES
                    + entries.get(0).key().length
                    + ObjectBytes.ofValue(entries.get(0).value()));
      }
    };
  }
}
