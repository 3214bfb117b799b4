package io.fluxcore.adapters.in.values;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatchBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives the rows from a position on, which is the number of those given before. */
final class ValuesReader implements SourceReader {
  private final ReaderContext context;
  private final List<@Nullable Object[]> rows;
  private boolean isAssigned;
  private boolean isHeld;
  private int next;

  ValuesReader(ReaderContext context, List<@Nullable Object[]> rows) {
    this.context = context;
    this.rows = rows;
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    next = position == null ? 0 : Math.min(rows.size(), Integer.parseInt(position.text()));
    isAssigned = true;
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    isHeld = splits.contains(ValuesSource.SPLIT);
    return true;
  }

  @Override
  public Poll poll(Duration maxWait) {
    if (!isAssigned || isHeld) {
      return Poll.Nothing.INSTANCE;
    }
    if (next >= rows.size()) {
      isAssigned = false;
      return new Poll.EndOfSplit(ValuesSource.SPLIT);
    }
    int count = Math.min(context.batchRows(), rows.size() - next);
    EventBatchBuilder batch = new EventBatchBuilder(context.schema(), count);
    for (int i = 0; i < count; i++) {
      batch.row(0, rows.get(next + i));
    }
    next += count;
    return new Poll.Rows(
        ValuesSource.SPLIT,
        batch.build().withEnvelope(Envelope.ofSource(context.operatorId())),
        new SplitPosition(Integer.toString(next)));
  }

  @Override
  public void wakeUp() {}

  @Override
  public void close() {}
}
