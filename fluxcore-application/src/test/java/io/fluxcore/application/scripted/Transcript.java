package io.fluxcore.application.scripted;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What left the engine in one run, in order. */
public final class Transcript {
  private final List<Entry> main = new ArrayList<>();
  private final List<ResultRow> late = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private long lastWatermark = Long.MIN_VALUE;
  private boolean ended;

  /** A result, or a watermark that was handed on. */
  public sealed interface Entry {
    record Result(ResultRow row) implements Entry {}

    record Forwarded(long watermark) implements Entry {}
  }

  /** The sink of the results. */
  public Sink mainSink() {
    return new RecordingSink(row -> main.add(new Entry.Result(row)));
  }

  /** The sink of rows that came too late. */
  public Sink lateSink() {
    return new RecordingSink(late::add);
  }

  /** All results before this watermark are out. */
  void forwarded(long watermark) {
    if (!ended && watermark > lastWatermark) {
      lastWatermark = watermark;
      main.add(new Entry.Forwarded(watermark));
    }
  }

  /** What follows is the end of the input; its watermark is not one of the script's. */
  void end() {
    ended = true;
  }

  void failed(String error) {
    failures.add(error);
  }

  public List<Entry> main() {
    return main;
  }

  public List<ResultRow> results() {
    List<ResultRow> rows = new ArrayList<>();
    for (Entry entry : main) {
      if (entry instanceof Entry.Result result) {
        rows.add(result.row());
      }
    }
    return rows;
  }

  public List<ResultRow> late() {
    return late;
  }

  public List<String> failures() {
    return failures;
  }

  /** Takes rows one by one. */
  private interface Recorder {
    void record(ResultRow row);
  }

  private record RecordingSink(Recorder recorder) implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new SinkWriter() {
        @Override
        public void write(EventBatch batch, RecordFailures failures) {
          for (int i = 0; i < batch.size(); i++) {
            recorder.record(row(batch, batch.row(i)));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
    }

    private static ResultRow row(EventBatch batch, int row) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int c = 0; c < batch.schema().size(); c++) {
        values.put(batch.schema().field(c).name(), batch.column(c).get(row));
      }
      return new ResultRow(batch.rowKind(row), batch.timestamps()[row], values);
    }
  }
}
