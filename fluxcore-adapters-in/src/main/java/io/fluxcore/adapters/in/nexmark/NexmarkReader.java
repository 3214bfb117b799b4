package io.fluxcore.adapters.in.nexmark;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads its splits by turns, a batch at a time. A position is the index of the next event. */
final class NexmarkReader implements SourceReader {
  private final ReaderContext context;
  private final NexmarkEvents events;
  private final List<NexmarkField> fields;
  private final long count;
  private final int splits;
  private final Deque<Turn> turns = new ArrayDeque<>();
  private final Deque<Turn> held = new ArrayDeque<>();

  /** A split and the index of its next event. */
  private record Turn(Split split, long next) {}

  NexmarkReader(ReaderContext context, NexmarkEvents events, long count, int splits) {
    this.context = context;
    this.events = events;
    this.fields = context.schema().fieldNames().stream().map(NexmarkField::of).toList();
    this.count = count;
    this.splits = splits;
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    String at = position == null ? split.id().replace("/" + splits, "") : position.text();
    try {
      long first = Long.parseLong(split.id().replace("/" + splits, ""));
      long next = Long.parseLong(at);
      if (first >= 0 && first < splits && next >= first && (next - first) % splits == 0) {
        turns.add(new Turn(split, next));
        return;
      }
    } catch (NumberFormatException e) {
      throw unknown(split, at);
    }
    throw unknown(split, at);
  }

  private FluxCoreException unknown(Split split, String at) {
    return FluxCoreException.user(
        "FLX-NEXMARK-0002",
        Place.of("splits"),
        "split '" + split.id() + "' at '" + at + "' is none of " + splits + " splits",
        "keep the option splits as it was when the checkpoint was taken");
  }

  @Override
  public boolean holdSplits(Set<String> names) {
    turns.addAll(held);
    held.clear();
    for (int i = turns.size(); i > 0; i--) {
      Turn turn = turns.remove();
      (names.contains(turn.split.id()) ? held : turns).add(turn);
    }
    return true;
  }

  @Override
  public Poll poll(Duration maxWait) {
    Turn turn = turns.poll();
    if (turn == null) {
      return Poll.Nothing.INSTANCE;
    }
    if (turn.next >= count) {
      return new Poll.EndOfSplit(turn.split.id());
    }
    long left = (count - 1 - turn.next) / splits + 1;
    int rows = (int) Math.min(left, context.batchRows());
    events.make(turn.next, splits, rows);
    Column[] columns = new Column[fields.size()];
    Arrays.setAll(columns, i -> fields.get(i).column(events));
    EventBatch batch =
        EventBatch.of(context.schema(), columns, events.times(), rows)
            .withEnvelope(Envelope.ofSource(context.operatorId()));
    long next = turn.next + (long) rows * splits;
    turns.add(new Turn(turn.split, next));
    return new Poll.Rows(turn.split.id(), batch, new SplitPosition(Long.toString(next)));
  }

  @Override
  public void close() {
    turns.clear();
    held.clear();
  }
}
