package io.fluxcore.domain.over;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.rank.RankedRows;
import io.fluxcore.domain.rank.RankedRowsOperator;
import io.fluxcore.domain.row.RowCodec;

/**
 * Runs an {@link OrderedOver}: keeps the rows of each key in their order, and after each batch
 * computes those of the keys that it touched as they were and as they are. Changes that take back
 * are first.
 */
final class OrderedOverOperator extends RankedRowsOperator {
  private static final String STATE = "ordered";

  private final OrderedOver over;
  private final OrderedResults results;
  private final OrderedChanges changes;

  OrderedOverOperator(OrderedOver over, Schema input, Schema passed) {
    super(
        new Kept(
            STATE,
            over.key(),
            over.orderBy(),
            over.kept(passed, input),
            0,
            Integer.MAX_VALUE,
            true,
            over.life()),
        input,
        changeRows(over.outputSchema(passed, input)));
    this.over = over;
    this.results =
        new OrderedResults(over, codec(), passed.size(), over.outputSchema(passed, input));
    this.changes = new OrderedChanges(changes());
  }

  private static ChangeRows changeRows(Schema output) {
    return new ChangeRows(new RowCodec(output), output);
  }

  @Override
  protected void giveChanges(Touched touched, EventBatch batch, long latest) {
    RowErrors errors =
        (row, error) ->
            context().failures().failed(batch, Math.min(row, batch.rowCount() - 1), error);
    for (int i = 0; i < touched.count(); i++) {
      RankedRows ofKey = touched.rows(i);
      byte[][] before = ofKey.settle();
      byte[][] after = ofKey.view(0, Integer.MAX_VALUE);
      changes.compare(
          before, results.of(before, (row, error) -> {}), after, results.of(after, errors), latest);
    }
    changes.giveAdded(latest);
  }

  @Override
  protected RecordException tooManyRows() {
    return new RecordException(
        "FLX-OVER-0001",
        "there are "
            + RankedRows.MAX_ROWS
            + " rows of its key already, the most that is kept in order");
  }

  @Override
  public String stateMeaning() {
    return over + ", all rows";
  }
}
