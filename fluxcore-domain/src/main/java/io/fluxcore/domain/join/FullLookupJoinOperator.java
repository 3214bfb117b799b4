package io.fluxcore.domain.join;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.AsyncCalls;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.window.EventTimes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks rows up in the {@link TableCopy} of its process.
 *
 * <p>The first reading blocks the subtask, before its first row: without the table none can go on,
 * and rows that waited would be state. Later ones are calls beside the stream; while one lasts, or
 * fails, rows find what was read before.
 */
final class FullLookupJoinOperator implements Operator {
  /** In place of a row of the table: there is none. */
  private static final int NO_ROW = -1;

  private final TableCopy copy;
  private final int[] keyOrdinals;
  private final long reloadMillis;
  private final boolean isLeft;
  private final Schema output;
  private final int[] leftOrdinals;
  private final int[] leftPlaces;
  private final int[] rightPlaces;

  // of the batch that is under way
  private int[] rows = new int[0];
  private long[] hashes = new long[0];
  private int[] slots = new int[0];

  // of the pairs that are listed
  private final int[] lefts = new int[EventBatch.TARGET_ROWS];
  private final int[] rights = new int[EventBatch.TARGET_ROWS];
  private int pairs;

  private OperatorContext context;
  private boolean isOpen;
  private long nextReloadMillis;
  private long hits;
  private long readings;
  private long failedReadings;

  private @Nullable UnderWay underWay;

  /** A batch that is being joined with what the table had when it came. */
  private static final class UnderWay {
    final EventBatch batch;
    final TableContents table;

    /** The next of its rows, and how many pairs of that row have been given. */
    int next;

    int nextMatch;

    UnderWay(EventBatch batch, TableContents table) {
      this.batch = batch;
      this.table = table;
    }
  }

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  FullLookupJoinOperator(FullLookupJoin join, TableCopy copy) {
    this.copy = copy;
    Schema rows = join.fields().left();
    this.keyOrdinals = join.keys().stream().mapToInt(rows::ordinal).toArray();
    Duration reload = join.reload();
    this.reloadMillis = reload == null ? Long.MAX_VALUE : Math.max(1, reload.toMillis());
    this.isLeft = join.type() == JoinType.LEFT;
    JoinFields fields = join.fields();
    this.output = fields.output();
    this.leftOrdinals = fields.kept(JoinType.LEFT_INPUT);
    this.leftPlaces = fields.places(JoinType.LEFT_INPUT);
    this.rightPlaces = fields.places(JoinType.RIGHT_INPUT);
  }

  @Override
  public void open(OperatorContext newContext) {
    context = newContext;
    copy.use();
    isOpen = true;
  }

  // Rows

  @Override
  public void process(int input, EventBatch given, Output out) {
    EventBatch current = JoinInput.insertions(given, context.failures());
    TableContents table = Objects.requireNonNull(copy.contents(), "processingTime comes first");
    int count = current.size();
    reserve(count);
    for (int i = 0; i < count; i++) {
      rows[i] = current.row(i);
    }
    table.find(EventTimes.columns(current, keyOrdinals), rows, count, hashes, slots);
    underWay = new UnderWay(current, table);
    resume(out);
  }

  private void reserve(int count) {
    if (rows.length < count) {
      int length = Math.max(count, EventBatch.TARGET_ROWS);
      rows = new int[length];
      hashes = new long[length];
      slots = new int[length];
    }
  }

  @Override
  public boolean hasMore() {
    return underWay != null;
  }

  @Override
  public void resume(Output out) {
    UnderWay current = underWay;
    while (current != null) {
      pair(current);
      if (pairs > 0) {
        out.emit(joined(current));
      }
      if (current.next == current.batch.size()) {
        underWay = null;
        return;
      }
      if (!out.hasCapacity()) {
        return;
      }
    }
  }

  /** Lists the next pairs, at most a batch. */
  private void pair(UnderWay current) {
    TableContents table = current.table;
    int count = current.batch.size();
    int unmatched = 0;
    int listed = 0;
    while (current.next < count && listed < EventBatch.TARGET_ROWS) {
      int slot = slots[current.next];
      int row = rows[current.next];
      if (slot < 0) {
        if (isLeft) {
          lefts[listed] = row;
          rights[listed++] = NO_ROW;
        } else {
          unmatched++;
        }
        current.next++;
        continue;
      }
      int at = table.first(slot) + current.nextMatch;
      int end = Math.min(table.end(slot), at + EventBatch.TARGET_ROWS - listed);
      hits += current.nextMatch == 0 ? 1 : 0;
      for (int match = at; match < end; match++) {
        lefts[listed] = row;
        rights[listed++] = match;
      }
      if (end == table.end(slot)) {
        current.next++;
        current.nextMatch = 0;
      } else {
        current.nextMatch += end - at;
      }
    }
    pairs = listed;
    if (unmatched > 0) {
      context.ledger().filtered(unmatched);
    }
  }

  private EventBatch joined(UnderWay current) {
    Column[] columns = new Column[output.size()];
    for (int i = 0; i < leftOrdinals.length; i++) {
      columns[leftPlaces[i]] = current.batch.column(leftOrdinals[i]).gather(lefts, pairs);
    }
    for (int i = 0; i < rightPlaces.length; i++) {
      columns[rightPlaces[i]] = current.table.gather(i, rights, pairs);
    }
    long[] times = new long[pairs];
    for (int i = 0; i < pairs; i++) {
      times[i] = current.batch.timestamps()[lefts[i]];
    }
    return EventBatch.of(output, columns, times, pairs);
  }

  // The table

  @Override
  public void processingTime(long nowMillis, Output out) {
    TableContents there = copy.contents();
    if (there == null) {
      there = firstReading(nowMillis);
    }
    nextReloadMillis = Math.max(nextReloadMillis, end(there.readAtMillis()));
    if (nowMillis >= nextReloadMillis && copy.beginReload(this)) {
      nextReloadMillis = end(nowMillis);
      reload(nowMillis);
    }
  }

  /** When what was read, or tried to be, at a time has become too old. */
  private long end(long readMillis) {
    long end = readMillis + reloadMillis;
    return end < readMillis ? Long.MAX_VALUE : end;
  }

  private TableContents firstReading(long nowMillis) {
    readings++;
    try {
      return copy.readOnce(context.operatorId(), nowMillis);
    } catch (FluxCoreException e) {
      throw e;
    } catch (Exception e) {
      throw notRead(e);
    }
  }

  private FluxCoreException notRead(Exception cause) {
    return new FluxCoreException(
        ErrorCategory.EXTERNAL,
        List.of(
            Diagnostic.error(
                "FLX-JOIN-0005",
                Place.of("node '" + context.operatorId() + "'"),
                "the table that it holds in memory could not be read: " + cause,
                "see to it that the table can be read; the job starts again by its restart strategy")),
        cause);
  }

  private void reload(long nowMillis) {
    readings++;
    context
        .async()
        .call(
            Duration.ZERO,
            FullLookupJoin.LONGEST_READING,
            () -> copy.read(context.operatorId(), nowMillis),
            new AsyncCalls.Completion<>() {
              @Override
              public void succeeded(TableContents newer, Output out) {
                copy.reloaded(FullLookupJoinOperator.this, newer);
              }

              @Override
              public void failed(Exception failure, Output out) {
                failedReadings++;
                copy.reloadEnded(FullLookupJoinOperator.this);
              }
            });
  }

  @Override
  public LookupReading lookups() {
    TableContents there = copy.contents();
    long keys = there == null || context.subtask() > 0 ? 0 : there.keys();
    return new LookupReading(hits, 0, 0, readings, failedReadings, keys, 0, 0);
  }

  @Override
  public void close() {
    if (isOpen) {
      isOpen = false;
      copy.leave(this);
    }
  }
}
