package io.fluxcore.adapters.out.parts;

import io.fluxcore.adapters.out.format.PartRows;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows in parts, one at a time for each directory. A part ends at the next barrier, when it
 * is large or old enough, or when too many are open; it becomes visible by the commit of its
 * checkpoint. Where rows become visible by flushes, each flush ends all parts and shows them.
 *
 * <p>The outside is waited for only before the rows of a batch are taken, never in the middle of
 * them: a batch that an outside which does not answer has held up is given again as a whole.
 */
public final class PartsWriter implements SinkWriter {
  private static final String KEPT =
      "rows up to the last completed checkpoint are kept, later ones are not visible";
  private static final String KEPT_FLUSHED = "rows up to the last flush are visible";

  private final PartStore store;
  private final PartSettings settings;
  private final @Nullable Directories directories;
  private final int subtask;
  private final boolean atFlush;
  private final LongSupplier nanos;

  /** By directory, the one last that was written to last. */
  private final Map<String, Filling> open = new LinkedHashMap<>(16, 0.75f, true);

  private final List<OpenPart> finished = new ArrayList<>();
  private long afterCheckpoint;
  private int number;

  /** Whether there are, or may be, parts of checkpoints. */
  private boolean checkpointed;

  private boolean ended;

  /** A part that takes rows. */
  private static final class Filling {
    private final OpenPart part;
    private final PartRows rows;
    private final long begunNanos;
    private boolean rowsEnded;

    Filling(OpenPart part, PartRows rows, long begunNanos) {
      this.part = part;
      this.rows = rows;
      this.begunNanos = begunNanos;
    }

    void finish() throws IOException {
      if (!rowsEnded) {
        rows.finish();
        rowsEnded = true;
      }
      part.finish();
    }
  }

  /**
   * A writer.
   *
   * @param millis the time of day, in epoch milliseconds
   * @param nanos a clock that only rises, in nanoseconds
   */
  public PartsWriter(
      PartStore store,
      PartSettings settings,
      WriterContext context,
      LongSupplier millis,
      LongSupplier nanos) {
    this.store = store;
    this.settings = settings;
    this.directories =
        settings.partitionBy() == null ? null : new Directories(settings.partitionBy());
    this.subtask = context.subtask();
    this.atFlush = context.visibility() == Visibility.AT_FLUSH;
    this.afterCheckpoint = atFlush ? millis.getAsLong() : context.afterCheckpoint();
    this.nanos = nanos;
  }

  @Override
  public void restored() {
    checkpointed = true;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    Shares shares = new Shares(batch, directories);
    Map<String, EventBatch> byDirectory = shares.byDirectory();
    try {
      endDue();
      endTooMany(byDirectory);
      for (String directory : byDirectory.keySet()) {
        filling(directory).part.makeRoom();
      }
      shares.refuse(failures);
      for (Map.Entry<String, EventBatch> share : byDirectory.entrySet()) {
        filling(share.getKey()).rows.write(share.getValue(), failures);
      }
    } catch (IOException e) {
      throw store.error(e, kept());
    }
  }

  private Filling filling(String directory) throws IOException {
    Filling filling = open.get(directory);
    if (filling == null) {
      OpenPart part = store.begin(new PartName(directory, subtask, afterCheckpoint, number));
      number++;
      filling = new Filling(part, settings.format().begin(part.out()), nanos.getAsLong());
      open.put(directory, filling);
    }
    return filling;
  }

  private void endDue() throws IOException {
    if (settings.rollBytes() == 0 && settings.rollNanos() == 0) {
      return;
    }
    long now = nanos.getAsLong();
    for (Iterator<Filling> all = open.values().iterator(); all.hasNext(); ) {
      Filling filling = all.next();
      boolean large = settings.rollBytes() > 0 && filling.rows.bytes() >= settings.rollBytes();
      boolean old = settings.rollNanos() > 0 && now - filling.begunNanos >= settings.rollNanos();
      if (large || old) {
        end(filling, all);
      }
    }
  }

  /** Ends those parts that were written to longest ago, save those that rows are at hand for. */
  private void endTooMany(Map<String, EventBatch> needed) throws IOException {
    int more = 0;
    for (String directory : needed.keySet()) {
      if (!open.containsKey(directory)) {
        more++;
      }
    }
    Iterator<Map.Entry<String, Filling>> all = open.entrySet().iterator();
    while (open.size() + more > settings.maxOpenParts() && all.hasNext()) {
      Map.Entry<String, Filling> entry = all.next();
      if (!needed.containsKey(entry.getKey())) {
        end(entry.getValue(), all);
      }
    }
  }

  private void end(Filling filling, Iterator<?> of) throws IOException {
    filling.finish();
    of.remove();
    finished.add(filling.part);
  }

  private void endAll() throws IOException {
    for (Iterator<Filling> all = open.values().iterator(); all.hasNext(); ) {
      end(all.next(), all);
    }
  }

  /** Makes nothing visible where checkpoints do. */
  @Override
  public void flush() {
    try {
      if (!atFlush) {
        endDue();
        return;
      }
      endAll();
      while (!finished.isEmpty()) {
        store.commit(finished.get(0).prepare(afterCheckpoint, false));
        finished.remove(0);
      }
    } catch (IOException e) {
      throw store.error(e, kept());
    }
  }

  @Override
  public void endOfInput() {
    ended = true;
    if (atFlush) {
      flush();
    }
  }

  @Override
  public List<CommitHandle> prepareCommit(long checkpointId) {
    if (atFlush) {
      flush();
      return List.of();
    }
    List<CommitHandle> handles = new ArrayList<>();
    boolean isOnly = ended && !checkpointed && !settings.isRolled();
    try {
      if (isOnly && open.isEmpty() && finished.isEmpty() && store.keepsEmptyPart()) {
        filling("");
      }
      endAll();
      for (OpenPart part : finished) {
        handles.add(part.prepare(checkpointId, isOnly));
      }
    } catch (IOException e) {
      throw store.error(e, kept());
    }
    finished.clear();
    checkpointed = true;
    afterCheckpoint = checkpointId;
    number = 0;
    return handles;
  }

  private String kept() {
    return atFlush ? KEPT_FLUSHED : KEPT;
  }

  @Override
  public void close() {
    List<OpenPart> left = new ArrayList<>(finished);
    open.values().forEach(filling -> left.add(filling.part));
    finished.clear();
    open.clear();
    IOException failure = null;
    for (OpenPart part : left) {
      try {
        part.discard();
      } catch (IOException e) {
        failure = e;
      }
    }
    store.close();
    if (failure != null) {
      throw store.error(failure, kept());
    }
  }
}
