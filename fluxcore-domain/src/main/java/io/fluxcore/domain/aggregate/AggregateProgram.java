package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.aggregate.AggregateCompilation.BoundCell;
import io.fluxcore.domain.aggregate.AggregateCompilation.BoundObject;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.ExpressionContext;
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
 * average of one field) share its cell. Used by one thread at a time.
 */
public final class AggregateProgram {
  private final List<BoundCell> cells;
  private final List<BoundObject> objects;
  private final List<CompiledPredicate> conditions;
  private final List<AggregateResult> results;
  private final List<Field> resultFields;
  private final int cellCount;

  private AggregateProgram(
      AggregateCompilation compilation, List<AggregateResult> results, List<Field> resultFields) {
    this.cells = List.copyOf(compilation.cells());
    this.objects = List.copyOf(compilation.objects());
    this.conditions = compilation.conditions();
    this.cellCount = compilation.cellCount();
    this.results = List.copyOf(results);
    this.resultFields = List.copyOf(resultFields);
  }

  /**
   * Binds aggregates to a schema.
   *
   * @throws FluxCoreException if fields are unknown or of a type that cannot be aggregated; all
   *     findings at once
   */
  public static AggregateProgram compile(
      List<AggregateCall> calls, Schema input, AggregateContext context) {
    List<Diagnostic> findings = check(calls, input, context.expressions());
    if (!findings.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, findings, null);
    }
    AggregateCompilation compilation = new AggregateCompilation(input, context);
    List<AggregateResult> results = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (AggregateCall call : calls) {
      AggregateResult result = compilation.bind(call);
      results.add(result);
      fields.add(new Field(call.output(), result.type()));
    }
    return new AggregateProgram(compilation, results, fields);
  }

  /** What is wrong with aggregates over this schema; empty when nothing is. */
  public static List<Diagnostic> check(
      List<AggregateCall> calls, Schema input, ExpressionContext expressions) {
    return new AggregateCheck(input, expressions).check(calls);
  }

  /** The result fields, in the order of the aggregates. */
  public List<Field> resultFields() {
    return resultFields;
  }

  /** Whether partial results can be made before an exchange without the results showing it. */
  public boolean isPartial() {
    return objects.stream().allMatch(object -> object.kernel().isPartial());
  }

  /** Whether the input may be a changelog. */
  public boolean canRetract() {
    return cells.stream().allMatch(cell -> cell.kernel().canRetract())
        && objects.stream().allMatch(object -> object.kernel().canRetract());
  }

  /** Whether equal rows always give equal results, in whatever order they arrive. */
  public boolean isDeterministic() {
    return objects.stream().noneMatch(object -> object.kernel().dependsOnArrival())
        && conditions.stream().allMatch(CompiledPredicate::isDeterministic);
  }

  /** Cells of a slot. */
  public int cellCount() {
    return cellCount;
  }

  /** Types of the columns of {@link #partials}. */
  public List<DataType> partialTypes() {
    List<DataType> types = new ArrayList<>();
    for (int c = 0; c < cellCount; c++) {
      types.add(DataType.LONG);
    }
    objects.forEach(object -> types.add(DataType.BYTES));
    return types;
  }

  /**
   * The layout of a slot table for these aggregates.
   *
   * @throws FluxCoreException if sketches are needed and there are none
   */
  @SuppressWarnings("unchecked")
  public StateLayout layout(String name, List<DataType> keyTypes) {
    List<StateSerializer<Object>> serializers = new ArrayList<>();
    for (BoundObject object : objects) {
      serializers.add((StateSerializer<Object>) object.kernel().serializer());
    }
    return new StateLayout(
        name, keyTypes, initialCells(), serializers, isPartial() ? this::merge : null);
  }

  private long[] initialCells() {
    long[] initial = new long[cellCount];
    for (BoundCell cell : cells) {
      for (int i = 0; i < cell.kernel().width(); i++) {
        initial[cell.first() + i] = cell.kernel().initial();
      }
    }
    return initial;
  }

  /**
   * Adds rows; the slot of {@code rows[i]} is {@code slots[i]}. A row that a condition or a user's
   * function refuses is in no other aggregate, except in those of users' functions before it.
   *
   * @param rows ascending
   */
  public void accumulate(
      SlotTable table, int[] slots, EventBatch batch, int[] rows, int count, RowErrors errors) {
    RowChoice all = new RowChoice(rows, slots, count);
    BitSet refused = new BitSet();
    RowErrors noting =
        (row, error) -> {
          refused.set(row);
          errors.failed(row, error);
        };
    RowChoice[] chosen = choose(all, batch, noting);
    for (int o = 0; o < objects.size(); o++) {
      if (objects.get(o).kernel().mayRefuse()) {
        RowChoice choice = choice(objects.get(o).condition(), all, chosen).without(refused);
        accumulate(table, o, choice, batch, noting);
      }
    }
    all = all.without(refused);
    for (int c = 0; c < chosen.length; c++) {
      chosen[c] = chosen[c].without(refused);
    }
    for (int o = 0; o < objects.size(); o++) {
      if (!objects.get(o).kernel().mayRefuse()) {
        accumulate(table, o, choice(objects.get(o).condition(), all, chosen), batch, errors);
      }
    }
    for (BoundCell cell : cells) {
      RowChoice choice = choice(cell.condition(), all, chosen);
      cell.kernel()
          .accumulate(
              table.cells(),
              table.stride(),
              table.offset(cell.first()),
              choice.slots(),
              batch,
              choice.rows(),
              choice.count());
    }
  }

  private void accumulate(
      SlotTable table, int object, RowChoice choice, EventBatch batch, RowErrors errors) {
    objects
        .get(object)
        .kernel()
        .accumulate(
            table.objects(object), choice.slots(), batch, choice.rows(), choice.count(), errors);
  }

  /** The rows that each condition chooses. */
  private RowChoice[] choose(RowChoice all, EventBatch batch, RowErrors errors) {
    RowChoice[] chosen = new RowChoice[conditions.size()];
    if (chosen.length > 0) {
      EventBatch selected = batch.withSelection(all.rows(), all.count());
      for (int c = 0; c < chosen.length; c++) {
        int[] rows = new int[all.count()];
        chosen[c] = all.only(rows, conditions.get(c).select(selected, rows, errors));
      }
    }
    return chosen;
  }

  private static RowChoice choice(int condition, RowChoice all, RowChoice[] chosen) {
    return condition == AggregateCompilation.ALL_ROWS ? all : chosen[condition];
  }

  /** Adds the state of other slots, of the same program. */
  public void merge(SlotTable table, int[] slots, SlotTable other, int[] otherSlots, int count) {
    for (BoundCell cell : cells) {
      cell.kernel()
          .merge(
              table.cells(),
              table.stride(),
              table.offset(cell.first()),
              slots,
              other.cells(),
              other.stride(),
              other.offset(cell.first()),
              otherSlots,
              count);
    }
    for (int o = 0; o < objects.size(); o++) {
      objects.get(o).kernel().merge(table.objects(o), slots, other.objects(o), otherSlots, count);
    }
  }

  /** Whether {@link #subtract} takes back exactly what {@link #merge} added. */
  public boolean canSubtract() {
    return objects.isEmpty() && cells.stream().allMatch(cell -> cell.kernel().canSubtract());
  }

  /** Takes off the state of other slots that was added; only where {@link #canSubtract}. */
  public void subtract(SlotTable table, int[] slots, SlotTable other, int[] otherSlots, int count) {
    for (BoundCell cell : cells) {
      cell.kernel()
          .subtract(
              table.cells(),
              table.stride(),
              table.offset(cell.first()),
              slots,
              other.cells(),
              other.stride(),
              other.offset(cell.first()),
              otherSlots,
              count);
    }
  }

  /** Adds partial states that {@link #partials} made, which start at a column of a batch. */
  public void mergePartials(
      SlotTable table, int[] slots, EventBatch batch, int firstColumn, int[] rows, int count) {
    for (BoundCell cell : cells) {
      int width = cell.kernel().width();
      long[] values = ((LongColumn) batch.column(firstColumn + cell.first())).values();
      if (width > 1) {
        values = sideBySide(batch, firstColumn + cell.first(), width);
      }
      cell.kernel()
          .merge(
              table.cells(),
              table.stride(),
              table.offset(cell.first()),
              slots,
              values,
              width,
              0,
              rows,
              count);
    }
    for (int o = 0; o < objects.size(); o++) {
      BytesColumn column = (BytesColumn) batch.column(firstColumn + cellCount + o);
      PartialObjects.merge(objects.get(o).kernel(), table.objects(o), slots, column, rows, count);
    }
  }

  /** The values of neighbouring columns, row by row. */
  private static long[] sideBySide(EventBatch batch, int first, int width) {
    long[] values = new long[batch.rowCount() * width];
    for (int c = 0; c < width; c++) {
      long[] column = ((LongColumn) batch.column(first + c)).values();
      for (int row = 0; row < batch.rowCount(); row++) {
        values[row * width + c] = column[row];
      }
    }
    return values;
  }

  /** The state of slots as columns, of {@link #partialTypes}; only where {@link #isPartial()}. */
  public Column[] partials(SlotTable table, int[] slots, int count) {
    Column[] columns = new Column[cellCount + objects.size()];
    long[] state = table.cells();
    for (int c = 0; c < cellCount; c++) {
      long[] values = new long[count];
      int offset = table.offset(c);
      for (int i = 0; i < count; i++) {
        values[i] = state[slots[i] * table.stride() + offset];
      }
      columns[c] = new LongColumn(count, values);
    }
    for (int o = 0; o < objects.size(); o++) {
      columns[cellCount + o] =
          PartialObjects.column(objects.get(o).kernel(), table.objects(o), slots, count);
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
    long[] initial = initialCells();
    long[] state = table.cells();
    for (int i = 0; i < count; i++) {
      int first = slots[i] * table.stride() + table.offset(0);
      System.arraycopy(initial, 0, state, first, initial.length);
    }
    for (int o = 0; o < objects.size(); o++) {
      @Nullable Object[] kept = table.objects(o);
      for (int i = 0; i < count; i++) {
        kept[slots[i]] = null;
      }
    }
  }

  /** Rows that a slot holds: 0 when all were taken back. */
  public long rows(SlotTable table, int slot) {
    return table.cells()[slot * table.stride() + table.offset(0)];
  }
}
