package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.RowCodec;

/**
 * Ranks the rows of each key, and gives what changes among the ranks that are asked for: with ranks
 * the row of each rank as an update, without them rows that come in and go. Those that take back
 * are first.
 *
 * <p>Where rows are only added, no more of them are kept than ranks are asked for.
 */
final class TopNOperator extends RankedRowsOperator {
  private static final String STATE = "ranked";

  private final TopN topN;
  private final boolean retracts;
  private final int from;
  private final int to;
  private final RankChanges ranks;

  TopNOperator(TopN topN, Schema input, Schema rows, boolean retracts) {
    super(
        new Kept(
            STATE,
            topN.key(),
            topN.orderBy(),
            rows,
            topN.fromIndex(),
            topN.toIndex(),
            retracts,
            topN.life()),
        input,
        new ChangeRows(new RowCodec(rows), topN.outputSchema(rows)));
    this.topN = topN;
    this.retracts = retracts;
    this.from = topN.fromIndex();
    this.to = topN.toIndex();
    this.ranks = new RankChanges(changes(), from, topN.rankField() != null);
  }

  @Override
  protected void giveChanges(Touched touched, EventBatch batch, long latest) {
    for (int i = 0; i < touched.count(); i++) {
      RankedRows rows = touched.rows(i);
      ranks.compare(rows.settle(), rows.view(from, to), latest);
    }
    ranks.giveAdded(latest);
  }

  @Override
  protected RecordException tooManyRows() {
    return new RecordException(
        "FLX-RANK-0001",
        "there are " + RankedRows.MAX_ROWS + " rows of its key already, the most that is kept");
  }

  @Override
  public String stateMeaning() {
    return topN + (retracts ? ", all rows" : "");
  }
}
