package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.event.Envelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads several files by turns, a batch of each, so that their event times advance together. Only
 * so many are open at a time; the others wait until one has ended, or is held: those that are held
 * may wait for one that has not been opened yet.
 */
final class FileReader implements SourceReader {
  private static final int MAX_OPEN = 16;

  private final Envelope envelope;
  private final Opener opener;
  private final ArrayDeque<Assignment> waiting = new ArrayDeque<>();
  private final ArrayDeque<Assignment> turns = new ArrayDeque<>();
  private final ArrayDeque<Assignment> held = new ArrayDeque<>();
  private Set<String> heldIds = Set.of();
  private final WakeUp wakeUp = new WakeUp();

  /** Makes the reader of one file; opens nothing yet. */
  @FunctionalInterface
  interface Opener {
    /**
     * A reader.
     *
     * @param position where it begins; null: at the beginning
     * @throws IllegalArgumentException if it is no position in such a file
     */
    FileRecords records(Split split, @Nullable SplitPosition position);
  }

  private record Assignment(Split split, FileRecords records) {}

  FileReader(ReaderContext context, Opener opener) {
    this.envelope = Envelope.ofSource(context.operatorId());
    this.opener = opener;
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    try {
      waiting.add(new Assignment(split, opener.records(split, position)));
    } catch (IllegalArgumentException e) {
      throw FileErrors.wrongPosition(
          Path.of(split.id()),
          position == null ? "the beginning" : position.text(),
          "that is no position in such a file");
    }
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    heldIds = Set.copyOf(splits);
    turns.addAll(held);
    held.clear();
    for (int i = turns.size(); i > 0; i--) {
      take(turns.remove());
    }
    return true;
  }

  private void take(Assignment assignment) {
    (heldIds.contains(assignment.split.id()) ? held : turns).add(assignment);
  }

  @Override
  public Poll poll(Duration maxWait) {
    while (turns.size() < MAX_OPEN && !waiting.isEmpty()) {
      take(waiting.remove());
    }
    Assignment turn = turns.poll();
    if (turn == null) {
      wakeUp.await(maxWait);
      return Poll.Nothing.INSTANCE;
    }
    boolean ended = false;
    try {
      FileRecords.Rows rows = turn.records.read();
      if (rows == null) {
        ended = true;
        turn.records.close();
        return new Poll.EndOfSplit(turn.split.id());
      }
      return new Poll.Rows(
          turn.split.id(), rows.batch().withEnvelope(envelope), rows.end(), rows.bad(), 0);
    } finally {
      if (!ended) {
        turns.add(turn);
      }
    }
  }

  @Override
  public Decoded decode(String split, byte[] record) {
    FileRecords records = opener.records(new Split(split), null);
    try {
      Decoded decoded = records.decode(record);
      return new Decoded(decoded.batch().withEnvelope(envelope), decoded.bad());
    } finally {
      records.close();
    }
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void close() {
    turns.forEach(t -> t.records.close());
    turns.clear();
    held.forEach(t -> t.records.close());
    held.clear();
    waiting.clear();
  }
}
