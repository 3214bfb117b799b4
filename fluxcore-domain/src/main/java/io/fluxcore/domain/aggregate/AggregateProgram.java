package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates bound to an input schema: which cells and objects a slot has, and the loops that
 * accumulate rows, merge slots and give results. Aggregates that need the same number (a sum and an
 * average of one field) share its cell. Immutable and thread-safe.
 */
public final class AggregateProgram {
  private final List<CellKernel> cells;
  private final List<ObjectKernel<?>> objects;
  private final List<AggregateResult> results;
  private final List<Field> resultFields;

  private AggregateProgram(
      List<CellKernel> cells,
      List<ObjectKernel<?>> objects,
      List<AggregateResult> results,
      List<Field> resultFields) {
    this.cells = List.copyOf(cells);
    this.objects = List.copyOf(objects);
    this.results = List.copyOf(results);
    this.resultFields = List.copyOf(resultFields);
  }

  /**
   * Binds aggregates to a schema.
   *
   * @throws FluxCoreException if fields are unknown or of a type that cannot be aggregated; all
   *     findings at once
   */
  public static AggregateProgram compile(List<AggregateCall> calls, Schema input) {
    List<Diagnostic> findings = check(calls, input);
    if (!findings.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, findings, null);
    }
    Compilation compilation = new Compilation();
    compilation.cell(new CellKernels.CountRows());
    List<AggregateResult> results = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (AggregateCall call : calls) {
      int ordinal = call.field() == null ? -1 : input.ordinal(call.field());
      DataType type = ordinal < 0 ? DataType.LONG : input.type(ordinal);
      AggregateResult result = compilation.compile(call, ordinal, type);
      results.add(result);
      fields.add(new Field(call.output(), result.type()));
    }
    return new AggregateProgram(compilation.cells, compilation.objects, results, fields);
  }

  /** What is wrong with aggregates over this schema; empty when nothing is. */
  public static List<Diagnostic> check(List<AggregateCall> calls, Schema input) {
    List<Diagnostic> findings = new ArrayList<>();
    for (AggregateCall call : calls) {
      if (call.field() == null) {
        continue;
      }
      Field field = input.find(call.field());
      if (field == null) {
        findings.add(
            Diagnostic.error(
                "FLX-AGG-0002",
                Place.of(call.toString()),
                "there is no field '" + call.field() + "'",
                "fields are " + input.fieldNames()));
      } else {
        String problem = problem(call, field.type());
        if (problem != null) {
          findings.add(Diagnostic.error("FLX-AGG-0003", Place.of(call.toString()), problem, ""));
        }
      }
    }
    return findings;
  }

  private static @Nullable String problem(AggregateCall call, DataType type) {
    switch (call.kind()) {
      case SUM, AVG -> {
        return type.isNumeric() ? null : "'" + call.field() + "' is " + type + ", not a number";
      }
      case MIN, MAX -> {
        return type.kind() == DataType.Kind.NESTED
            ? "'" + call.field() + "' is nested and has no order"
            : null;
      }
      case CUSTOM -> {
        AggregateFunction<?> function = call.function();
        try {
          if (function != null) {
            function.resultType(type);
          }
          return null;
        } catch (IllegalArgumentException e) {
          return e.getMessage();
        }
      }
      default -> {
        return null;
      }
    }
  }

  /** The result fields, in the order of the aggregates. */
  public List<Field> resultFields() {
    return resultFields;
  }

  /** Whether a group's state is cells alone, so that partial results can cross an exchange. */
  public boolean isCellsOnly() {
    return objects.isEmpty();
  }

  /** Whether the input may be a changelog. */
  public boolean canRetract() {
    return cells.stream().allMatch(CellKernel::canRetract)
        && objects.stream().allMatch(ObjectKernel::canRetract);
  }

  public int cellCount() {
    return cells.size();
  }

  /** The layout of a slot table for these aggregates. */
  @SuppressWarnings("unchecked")
  public StateLayout layout(String name, List<DataType> keyTypes) {
    long[] initial = cells.stream().mapToLong(CellKernel::initial).toArray();
    List<StateSerializer<Object>> serializers = new ArrayList<>();
    for (ObjectKernel<?> kernel : objects) {
      serializers.add((StateSerializer<Object>) kernel.serializer());
    }
    return new StateLayout(name, keyTypes, initial, serializers);
  }

  /**
   * Adds rows; the slot of {@code rows[i]} is {@code slots[i]}. A row that a user's function
   * refuses is in no other aggregate, except in those of users' functions before it.
   */
  public void accumulate(
      SlotTable table, int[] slots, EventBatch batch, int[] rows, int count, RowErrors errors) {
    Accepted accepted = new Accepted(rows, slots, count);
    for (int o = 0; o < objects.size(); o++) {
      if (objects.get(o).mayRefuse()) {
        BitSet refused = new BitSet();
        RowErrors noting =
            (row, error) -> {
              refused.set(row);
              errors.failed(row, error);
            };
        objects
            .get(o)
            .accumulate(
                table.objects(o), accepted.slots, batch, accepted.rows, accepted.count, noting);
        accepted = refused.isEmpty() ? accepted : accepted.without(refused);
      }
    }
    for (int o = 0; o < objects.size(); o++) {
      if (!objects.get(o).mayRefuse()) {
        objects
            .get(o)
            .accumulate(
                table.objects(o), accepted.slots, batch, accepted.rows, accepted.count, errors);
      }
    }
    for (int c = 0; c < cells.size(); c++) {
      cells
          .get(c)
          .accumulate(
              table.cells(),
              table.stride(),
              table.offset(c),
              accepted.slots,
              batch,
              accepted.rows,
              accepted.count);
    }
  }

  /** Rows that no function has refused, and their slots. */
  private record Accepted(int[] rows, int[] slots, int count) {
    Accepted without(BitSet refused) {
      int[] newRows = new int[count];
      int[] newSlots = new int[count];
      int left = 0;
      for (int i = 0; i < count; i++) {
        if (!refused.get(rows[i])) {
          newRows[left] = rows[i];
          newSlots[left++] = slots[i];
        }
      }
      return new Accepted(newRows, newSlots, left);
    }
  }

  /** Adds the state of other slots, of the same program. */
  public void merge(SlotTable table, int[] slots, SlotTable other, int[] otherSlots, int count) {
    for (int c = 0; c < cells.size(); c++) {
      cells
          .get(c)
          .merge(
              table.cells(),
              table.stride(),
              table.offset(c),
              slots,
              other.cells(),
              other.stride(),
              other.offset(c),
              otherSlots,
              count);
    }
    for (int o = 0; o < objects.size(); o++) {
      objects.get(o).merge(table.objects(o), slots, other.objects(o), otherSlots, count);
    }
  }

  /** Adds partial states that {@link #partials} made, which start at a column of a batch. */
  public void mergePartials(
      SlotTable table, int[] slots, EventBatch batch, int firstColumn, int[] rows, int count) {
    for (int c = 0; c < cells.size(); c++) {
      long[] values = ((LongColumn) batch.column(firstColumn + c)).values();
      cells
          .get(c)
          .merge(table.cells(), table.stride(), table.offset(c), slots, values, 1, 0, rows, count);
    }
  }

  /** The cells of slots as columns; only where {@link #isCellsOnly()}. */
  public Column[] partials(SlotTable table, int[] slots, int count) {
    Column[] columns = new Column[cells.size()];
    long[] state = table.cells();
    for (int c = 0; c < columns.length; c++) {
      long[] values = new long[count];
      int offset = table.offset(c);
      for (int i = 0; i < count; i++) {
        values[i] = state[slots[i] * table.stride() + offset];
      }
      columns[c] = new LongColumn(count, values);
    }
    return columns;
  }

  /** The result columns of slots. */
  public Column[] results(SlotTable table, int[] slots, int count) {
    Column[] columns = new Column[results.size()];
    for (int r = 0; r < columns.length; r++) {
      columns[r] = results.get(r).column(table, slots, count);
    }
    return columns;
  }

  /** Takes slots back to where they had no row. */
  public void clear(SlotTable table, int[] slots, int count) {
    for (int c = 0; c < cells.size(); c++) {
      long initial = cells.get(c).initial();
      long[] state = table.cells();
      int offset = table.offset(c);
      for (int i = 0; i < count; i++) {
        state[slots[i] * table.stride() + offset] = initial;
      }
    }
    for (int o = 0; o < objects.size(); o++) {
      @Nullable Object[] state = table.objects(o);
      for (int i = 0; i < count; i++) {
        state[slots[i]] = null;
      }
    }
  }

  /** Rows that a slot holds: 0 when all were taken back. */
  public long rows(SlotTable table, int slot) {
    return table.cells()[slot * table.stride() + table.offset(0)];
  }

  /** Hands out cells and objects while aggregates are bound. */
  private static final class Compilation {
    private final List<CellKernel> cells = new ArrayList<>();
    private final List<ObjectKernel<?>> objects = new ArrayList<>();

    int cell(CellKernel kernel) {
      int at = cells.indexOf(kernel);
      if (at < 0) {
        at = cells.size();
        cells.add(kernel);
      }
      return at;
    }

    int object(ObjectKernel<?> kernel) {
      objects.add(kernel);
      return objects.size() - 1;
    }

    AggregateResult compile(AggregateCall call, int field, DataType type) {
      if (call.kind() == AggregateCall.Kind.COUNT) {
        return field < 0
            ? new AggregateResult.Count(0, -1)
            : new AggregateResult.Count(0, cell(new CellKernels.CountNulls(field)));
      }
      boolean decimal = type.kind() == DataType.Kind.DECIMAL;
      return switch (call.kind()) {
        case SUM, AVG -> decimal ? decimalSum(call, field, type) : sum(call, field, type);
        case MIN, MAX -> extreme(field, type, call.kind() == AggregateCall.Kind.MAX);
        case COUNT_DISTINCT ->
            new AggregateResult.OfObject(
                DataType.LONG, object(new ObjectKernels.Distinct(field, type)), objects);
        default -> custom(call, field, type);
      };
    }

    private AggregateResult sum(AggregateCall call, int field, DataType type) {
      int nulls = cell(new CellKernels.CountNulls(field));
      if (call.kind() == AggregateCall.Kind.AVG) {
        int sum = cell(new CellKernels.SumDouble(field));
        return new AggregateResult.Mean(sum, 0, nulls);
      }
      return type.kind() == DataType.Kind.DOUBLE
          ? new AggregateResult.OfDouble(cell(new CellKernels.SumDouble(field)), 0, nulls, false)
          : new AggregateResult.OfLong(
              type, cell(new CellKernels.SumLong(field, String.valueOf(call.field()))), 0, nulls);
    }

    private AggregateResult decimalSum(AggregateCall call, int field, DataType type) {
      int nulls = cell(new CellKernels.CountNulls(field));
      int sum = object(new ObjectKernels.DecimalSum(field, type));
      int scale = call.kind() == AggregateCall.Kind.AVG ? Math.max(6, type.scale()) : type.scale();
      DataType result = DataType.decimal(DataType.MAX_DECIMAL_PRECISION, scale);
      return new AggregateResult.OfDecimal(
          result, sum, nulls, call.kind() == AggregateCall.Kind.AVG);
    }

    private AggregateResult extreme(int field, DataType type, boolean max) {
      if (type.isLongBacked()) {
        int nulls = cell(new CellKernels.CountNulls(field));
        return new AggregateResult.OfLong(
            type, cell(new CellKernels.ExtremeLong(field, max)), 0, nulls);
      }
      if (type.kind() == DataType.Kind.DOUBLE) {
        int nulls = cell(new CellKernels.CountNulls(field));
        return new AggregateResult.OfDouble(
            cell(new CellKernels.ExtremeDouble(field, max)), 0, nulls, true);
      }
      return new AggregateResult.OfObject(
          type, object(new ObjectKernels.ExtremeValue(field, type, max)), objects);
    }

    private AggregateResult custom(AggregateCall call, int field, DataType type) {
      AggregateFunction<?> function = call.function();
      if (function == null) {
        throw new IllegalStateException(call + " has no function");
      }
      return new AggregateResult.OfObject(
          function.resultType(type), object(new ObjectKernels.Custom<>(field, function)), objects);
    }
  }
}
