package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.event.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows logs by turns, a batch of each. Looks at the files of a log at most once a poll interval;
 * in between, and while nothing grows, it waits.
 */
final class TailReader implements SourceReader {
  private final Envelope envelope;
  private final WatchedPath watched;
  private final TailSettings settings;
  private final ReaderContext context;
  private final Predicate<Split> isNew;
  private final LongSupplier nanoTime;
  private final LogListing listing = new LogListing();
  private final ArrayDeque<TailedLog> turns = new ArrayDeque<>();
  private final WakeUp wakeUp = new WakeUp();
  private Set<String> held = Set.of();
  private boolean restored;

  /**
   * A reader.
   *
   * @param isNew whether a split without a position appeared after the source's start
   */
  TailReader(
      WatchedPath watched,
      TailSettings settings,
      ReaderContext context,
      Predicate<Split> isNew,
      LongSupplier nanoTime) {
    this.envelope = Envelope.ofSource(context.operatorId());
    this.watched = watched;
    this.settings = settings;
    this.context = context;
    this.isNew = isNew;
    this.nanoTime = nanoTime;
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    restored |= position != null;
    boolean fromEnd = settings.fromEnd() && !restored && !isNew.test(split);
    Path log = Path.of(split.id());
    try {
      turns.add(new TailedLog(log, position, fromEnd, watched, listing, settings, context));
    } catch (IllegalArgumentException e) {
      throw FileErrors.wrongPosition(
          log, position == null ? "" : position.text(), "that is no position in a log");
    }
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    held = Set.copyOf(splits);
    return true;
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = round();
    if (found == null && !maxWait.isZero()) {
      await(maxWait);
      found = round();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private @Nullable Poll round() {
    long now = nanoTime.getAsLong();
    listing.forget();
    for (int i = turns.size(); i > 0; i--) {
      TailedLog log = turns.remove();
      turns.add(log);
      TailedLog.Rows rows = held.contains(log.log().toString()) ? null : log.read(now);
      if (rows != null) {
        return new Poll.Rows(
            log.log().toString(), rows.batch().withEnvelope(envelope), rows.end(), rows.bad(), 0);
      }
    }
    return null;
  }

  /** Until the next look is due, but not longer than asked. */
  private void await(Duration maxWait) {
    long wait = TimeUnit.NANOSECONDS.convert(maxWait);
    long now = nanoTime.getAsLong();
    for (TailedLog log : turns) {
      if (!held.contains(log.log().toString())) {
        wait = Math.min(wait, Math.max(0, log.nextLookNanos() - now));
      }
    }
    wakeUp.awaitNanos(wait);
  }

  @Override
  public Decoded decode(String split, byte[] record) {
    Path log = Path.of(split);
    RecordReader reader =
        new RecordReader(
            log,
            FilePosition.START,
            settings.format(),
            () -> Files.newInputStream(log),
            settings.maxRecordBytes(),
            context);
    try {
      Decoded decoded = reader.decode(record);
      return new Decoded(decoded.batch().withEnvelope(envelope), decoded.bad());
    } finally {
      reader.close();
    }
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void close() {
    turns.forEach(TailedLog::close);
    turns.clear();
  }
}
