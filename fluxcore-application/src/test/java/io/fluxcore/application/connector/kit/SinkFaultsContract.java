package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a sink of a server keeps when the server fails: no row is lost, and none comes twice where
 * they become visible by commits; calls that failed may be made again until they go well; what can
 * never go well is told at once, and a row that the server never takes is told by itself. A
 * connector's test extends it, and says how its server is made to fail. Each test has an empty
 * outside of its own, and the server runs when it ends.
 */
@Timeout(240)
public abstract class SinkFaultsContract {
  /** The fields of rows. */
  protected static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  private static final long REFUSED = 3;

  /** The connector under test. */
  protected abstract SinkConnector connector();

  /**
   * Options of a sink whose rows {@link #visibleIds} finds, the same within a test. A server that
   * does not answer is waited for no longer than a few seconds.
   */
  protected abstract Map<String, Object> options();

  /** The ids of the rows that are visible outside now, in order, those that are twice twice. */
  protected abstract List<Long> visibleIds() throws Exception;

  protected abstract void killServer();

  /** Starts it again with what it had. */
  protected abstract void restartServer();

  protected abstract void pauseServer();

  protected abstract void resumeServer();

  /** Options with a wrong password; null: there is no such thing. */
  protected abstract @Nullable Map<String, Object> wrongPassword();

  /** Options of something that is not there; null: there is no such thing. */
  protected abstract @Nullable Map<String, Object> missing();

  /** Whether rows become visible by commits of checkpoints. */
  protected boolean commits() {
    return sink(options()) instanceof TwoPhaseSink;
  }

  /** Whether a row that is written again takes its own place, or is written once. */
  protected boolean showsRowsOnce() {
    return commits();
  }

  /**
   * Whether a writer keeps what it has taken until the server has it; otherwise it may fail the
   * attempt, which begins again from the last checkpoint.
   */
  protected boolean keepsWhatItTook() {
    return true;
  }

  /** Whether it can be found out without writing that the server is there. */
  protected boolean canBeLookedAt() {
    return true;
  }

  /**
   * Has the server refuse one row alone.
   *
   * @return the name that the row has to have; null: there is no such row
   */
  protected @Nullable String refuse(long id) {
    return null;
  }

  protected final Sink sink(Map<String, Object> options) {
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), SCHEMA);
  }

  /** The name of rows that are not refused. */
  protected String name() {
    return "n";
  }

  protected final EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (long id = from; id < to; id++) {
      builder.row(1_000 * id, id, name());
    }
    return builder.build();
  }

  protected static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private SinkJob job(Map<String, Object> options) {
    return new SinkJob(sink(options), commits(), this::rows, RecordFailures.FAIL);
  }

  private static void assertIsOutage(boolean isForNow, Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL);
              assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty());
            });
    if (isForNow) {
      assertThat(thrown).isInstanceOf(TransientSinkException.class);
    }
  }

  /** Rows up to one cannot be delivered now. */
  private void assertFailsForNow(SinkJob job, long to) {
    assertThatThrownBy(
            () -> {
              job.write(to);
              job.checkpoint();
            })
        .satisfies(thrown -> assertIsOutage(keepsWhatItTook(), thrown));
  }

  private void assertDelivered(SinkJob job, long to) throws Exception {
    job.deliver(to);
    if (keepsWhatItTook()) {
      assertThat(job.attempts()).isEqualTo(1);
    }
    List<Long> visible = visibleIds();
    assertThat(showsRowsOnce() ? sorted(visible) : sorted(visible.stream().distinct().toList()))
        .isEqualTo(ids(0, to));
  }

  private static List<Long> sorted(List<Long> ids) {
    return ids.stream().sorted().toList();
  }

  @Test
  void serverThatIsKilledAndComesBack_hasAllRows() throws Exception {
    try (SinkJob job = job(options())) {
      job.deliver(100);
      job.write(150);
      killServer();
      try {
        assertFailsForNow(job, 200);
        assertFailsForNow(job, 200);
      } finally {
        restartServer();
      }
      job.deliver(200);
      assertDelivered(job, 300);
    }
  }

  @Test
  void serverThatIsKilledBeforeACommit_showsTheRowsAfterIt() throws Exception {
    if (!commits()) {
      return;
    }
    try (SinkJob job = job(options())) {
      job.deliver(10);
      job.write(20);
      job.register();
      killServer();
      restartServer();
      assertDelivered(job, 30);
    }
  }

  @Test
  void serverThatStandsStill_hasAllRowsAfterwards() throws Exception {
    try (SinkJob job = job(options())) {
      job.deliver(10);
      job.write(15);
      pauseServer();
      try {
        assertFailsForNow(job, 20);
      } finally {
        resumeServer();
      }
      assertDelivered(job, 20);
    }
  }

  @Test
  void serverThatIsNotThere_isToldAndWaitedFor_andAWriterCloses() throws Exception {
    Map<String, Object> options = options();
    Sink sink = sink(options);
    SinkJob closed = job(options);
    try (SinkJob waiting = job(options)) {
      killServer();
      try {
        if (canBeLookedAt()) {
          assertThatThrownBy(sink::check).satisfies(thrown -> assertIsOutage(false, thrown));
        }
        assertFailsForNow(closed, 10);
        closed.close();
        closed.close();
        assertFailsForNow(waiting, 10);
      } finally {
        restartServer();
      }
      assertDelivered(waiting, 10);
    }
  }

  @Test
  void rowThatTheServerRefuses_isTold_andTheOthersAreWritten() throws Exception {
    String refused = refuse(REFUSED);
    if (refused == null) {
      return;
    }
    List<Long> told = new ArrayList<>();
    SinkJob.Rows rows =
        (from, to) -> {
          EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
          ids(from, to).forEach(id -> builder.row(id, id, id == REFUSED ? refused : name()));
          return builder.build();
        };
    RecordFailures failures =
        (batch, row, error) -> {
          assertThat(error.code()).startsWith("FLX-");
          told.add((Long) batch.column(0).get(row));
        };
    try (SinkJob job = new SinkJob(sink(options()), commits(), rows, failures)) {
      job.write(2);
      job.write(7);
      job.checkpoint();
      job.write(9);
      job.checkpoint();
    }
    assertThat(told).containsExactly(REFUSED);
    assertThat(sorted(visibleIds())).containsExactly(0L, 1L, 2L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void wrongPassword_isToldAtSubmission_andByWriters() {
    Map<String, Object> wrong = wrongPassword();
    if (wrong != null) {
      assertRefused(wrong);
    }
  }

  @Test
  void whatIsNotThere_isToldAtSubmission_andByWriters() {
    Map<String, Object> missing = missing();
    if (missing != null) {
      assertRefused(missing);
    }
  }

  private void assertRefused(Map<String, Object> options) {
    assertThatThrownBy(sink(options)::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.USER);
              assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty());
              if (options.get("password") instanceof String password && !password.isEmpty()) {
                assertThat(e).hasMessageNotContaining(password);
              }
            });
    assertThatThrownBy(
            () -> {
              try (SinkJob job = job(options)) {
                job.write(1);
                job.checkpoint();
              }
            })
        .isInstanceOf(FluxCoreException.class)
        .isNotInstanceOf(TransientSinkException.class);
  }
}
