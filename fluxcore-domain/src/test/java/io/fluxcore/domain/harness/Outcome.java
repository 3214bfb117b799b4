package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.operator.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run gave: rows and watermarks of each output, bad rows, and the ledgers. */
public final class Outcome {
  /** A row, or a watermark of a subtask. */
  private sealed interface Emitted {}

  private record EmittedRow(EventRecord row) implements Emitted {}

  private record EmittedWatermark(int subtask, long time) implements Emitted {}

  private record Sealed(EventBatch batch, List<EventRecord> rows) {}

  private final List<List<Emitted>> outputs = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final Map<String, Ledger.Counts> ledgers = new TreeMap<>();
  private final List<Sealed> sealed = new ArrayList<>();
  private int restores;
  private int crashes;

  Outcome(int outputCount) {
    for (int i = 0; i < outputCount; i++) {
      outputs.add(new ArrayList<>());
    }
  }

  /** The rows of an output, those of one subtask in order. */
  public List<EventRecord> rows(int output) {
    List<EventRecord> rows = new ArrayList<>();
    for (Emitted emitted : outputs.get(output)) {
      if (emitted instanceof EmittedRow row) {
        rows.add(row.row());
      }
    }
    return rows;
  }

  /** {@link Rows#texts} of an output. */
  public List<String> texts(int output) {
    return Rows.texts(rows(output));
  }

  /** The watermarks that a subtask sent along an output. */
  public List<Long> watermarks(int output, int subtask) {
    List<Long> times = new ArrayList<>();
    for (Emitted emitted : outputs.get(output)) {
      if (emitted instanceof EmittedWatermark watermark && watermark.subtask() == subtask) {
        times.add(watermark.time());
      }
    }
    return times;
  }

  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** The sum of an operator's ledgers over its subtasks. */
  public Ledger.Counts ledger(String operatorId) {
    return ledgers.getOrDefault(operatorId, Ledger.Counts.ZERO);
  }

  /** Operators by id, with the sum of their ledgers. */
  public Map<String, Ledger.Counts> ledgers() {
    return Map.copyOf(ledgers);
  }

  /** How often the run was restored from a snapshot: tells whether the mode did something. */
  public int restores() {
    return restores;
  }

  /** How often the run crashed. */
  public int crashes() {
    return crashes;
  }

  /** Remembers a batch to see later that nobody has written to it. */
  List<EventRecord> seal(EventBatch batch) {
    List<EventRecord> rows = Rows.of(batch);
    if (!batch.isBorrowed()) {
      sealed.add(new Sealed(batch, rows));
    }
    return rows;
  }

  void add(int output, EventBatch batch) {
    seal(batch).forEach(row -> outputs.get(output).add(new EmittedRow(row)));
  }

  void watermark(int output, int subtask, long time) {
    outputs.get(output).add(new EmittedWatermark(subtask, time));
  }

  void failed(Failure failure) {
    failures.add(failure);
  }

  void restored() {
    restores++;
  }

  void crashed() {
    crashes++;
  }

  void addLedger(String operatorId, Ledger.Counts counts) {
    ledgers.merge(operatorId, counts, Ledger.Counts::plus);
  }

  /** How far each list has got. */
  record Mark(int[] outputs, int failures, Map<String, Ledger.Counts> ledgers) {}

  Mark mark() {
    return new Mark(
        outputs.stream().mapToInt(List::size).toArray(), failures.size(), new HashMap<>(ledgers));
  }

  /** Takes back what came after a mark. */
  void backTo(Mark mark) {
    for (int i = 0; i < outputs.size(); i++) {
      outputs.get(i).subList(mark.outputs()[i], outputs.get(i).size()).clear();
    }
    failures.subList(mark.failures(), failures.size()).clear();
    ledgers.clear();
    ledgers.putAll(mark.ledgers());
  }

  /** Throws if a batch has changed after it was handed on, or if a ledger does not add up. */
  void check() {
    for (Sealed one : sealed) {
      List<EventRecord> now = Rows.of(one.batch());
      if (!now.equals(one.rows())) {
        throw new AssertionError("a batch was changed after it was emitted; it is now " + now);
      }
    }
    ledgers.forEach(
        (operatorId, counts) -> {
          if (counts.accepted() < 0) {
            throw new AssertionError(
                "the ledger of '" + operatorId + "' does not add up: " + counts);
          }
        });
  }
}
