package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a sink of a server keeps when the server fails: what it has taken is not lost, calls that
 * failed may be made again until they go well, and what can never go well is told at once. A
 * connector's test extends it, and says how its server is made to fail. Each test has an empty
 * outside of its own, and the server runs when it ends.
 */
@Timeout(180)
public abstract class SinkFaultsContract {
  /** The fields of rows. */
  protected static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The connector under test. */
  protected abstract SinkConnector connector();

  /** Options of a sink whose rows {@link #visibleIds} finds; the same within a test. */
  protected abstract Map<String, Object> options();

  /** The ids of the rows that are visible outside now, in order, those that are twice twice. */
  protected abstract List<Long> visibleIds() throws Exception;

  protected abstract void killServer();

  /** Starts it again with what it had. */
  protected abstract void restartServer();

  protected abstract void pauseServer();

  protected abstract void resumeServer();

  /** Options with a wrong password. */
  protected abstract Map<String, Object> wrongPassword();

  /** Options of something that is not there; null: there is no such thing. */
  protected abstract @Nullable Map<String, Object> missing();

  protected final Sink sink(Map<String, Object> options) {
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), SCHEMA);
  }

  protected static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (long id = from; id < to; id++) {
      builder.row(1_000 * id, id, "n");
    }
    return builder.build();
  }

  protected static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  /** A call, made until it does not fail, in patience; gives how often it failed. */
  protected static int insist(Runnable call) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (int failures = 0; ; failures++) {
      try {
        call.run();
        return failures;
      } catch (TransientSinkException e) {
        assertThat(e.taken()).isZero();
        assertThat(System.nanoTime()).as(e.toString()).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  @Test
  void serverThatIsKilledAndComesBack_hasAllRows() throws Exception {
    try (SinkWriter writer = sink(options()).createWriter("sink", 0, 1)) {
      writer.write(rows(0, 100), RecordFailures.FAIL);
      writer.flush();
      writer.write(rows(100, 200), RecordFailures.FAIL);
      killServer();
      try {
        assertThatThrownBy(writer::flush).isInstanceOf(TransientSinkException.class);
        assertThatThrownBy(writer::flush).isInstanceOf(TransientSinkException.class);
      } finally {
        restartServer();
      }
      insist(writer::flush);
      insist(() -> writer.write(rows(200, 300), RecordFailures.FAIL));
      insist(writer::flush);
    }
    assertThat(visibleIds().stream().distinct().sorted().toList()).isEqualTo(ids(0, 300));
  }

  @Test
  void serverThatStandsStill_hasAllRowsAfterwards() throws Exception {
    try (SinkWriter writer = sink(options()).createWriter("sink", 0, 1)) {
      writer.write(rows(0, 10), RecordFailures.FAIL);
      writer.flush();
      writer.write(rows(10, 20), RecordFailures.FAIL);
      pauseServer();
      try {
        assertThatThrownBy(writer::flush).isInstanceOf(TransientSinkException.class);
      } finally {
        resumeServer();
      }
      insist(writer::flush);
    }
    assertThat(visibleIds().stream().distinct().sorted().toList()).isEqualTo(ids(0, 20));
  }

  @Test
  void serverThatIsNotThere_isNoReasonToRefuseAJob_andAWriterCloses() {
    Sink sink = sink(options());
    killServer();
    try {
      sink.check();
      SinkWriter writer = sink.createWriter("sink", 0, 1);
      writer.write(rows(0, 1), RecordFailures.FAIL);
      assertThatThrownBy(writer::flush).isInstanceOf(TransientSinkException.class);
      writer.close();
      writer.close();
    } finally {
      restartServer();
    }
  }

  @Test
  void wrongPassword_isToldAtSubmission_andByWriters() {
    assertRefused(wrongPassword());
  }

  @Test
  void whatIsNotThere_isToldAtSubmission_andByWriters() {
    Map<String, Object> missing = missing();
    if (missing != null) {
      assertRefused(missing);
    }
  }

  private void assertRefused(Map<String, Object> options) {
    Sink sink = sink(options);
    assertThatThrownBy(sink::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.USER);
              assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty());
            });
    assertThatThrownBy(
            () -> {
              try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
                writer.write(rows(0, 1), RecordFailures.FAIL);
                writer.flush();
              }
            })
        .isInstanceOf(FluxCoreException.class)
        .isNotInstanceOf(TransientSinkException.class);
  }
}
