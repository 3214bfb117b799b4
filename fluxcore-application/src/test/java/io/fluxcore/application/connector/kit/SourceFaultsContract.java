package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a source of a server keeps when the server fails: nothing is lost, nothing comes twice, and
 * what can never go well is told at once. A connector's test extends it, and says how its server is
 * made to fail. Each test has an empty outside of its own, and the server runs when it ends.
 */
@Timeout(180)
public abstract class SourceFaultsContract {
  /** The field that messages have. */
  protected static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The connector under test. */
  protected abstract SourceConnector connector();

  /** Options of a source that {@link #publish} publishes to; the same within a test. */
  protected abstract Map<String, Object> options();

  /** Publishes messages with an {@code id} each, and returns when the server has them for good. */
  protected abstract void publish(long fromId, long toId) throws Exception;

  protected abstract void killServer();

  /** Starts it again with what it had. */
  protected abstract void restartServer();

  protected abstract void pauseServer();

  protected abstract void resumeServer();

  /**
   * Whether the server keeps messages until they are acknowledged; otherwise one that is killed
   * loses what is on its way.
   */
  protected boolean isAcknowledged() {
    return true;
  }

  /** Whether it can be found out without reading that the server is there. */
  protected boolean canBeLookedAt() {
    return true;
  }

  /** Whether the splits are known without the server; otherwise it is asked for them. */
  protected boolean knowsItsSplits() {
    return true;
  }

  /** Options with a wrong password; null: there is no such thing. */
  protected abstract @Nullable Map<String, Object> wrongPassword();

  /** Options of something that is not there; null: there is no such thing. */
  protected abstract @Nullable Map<String, Object> missing();

  protected final Source source(Map<String, Object> options) {
    return connector()
        .create(
            OptionParser.parse(connector().descriptor(), options).orThrow(),
            new ConnectorServices(JdkRegexCompiler.INSTANCE));
  }

  protected final SourceReader reader(
      Map<String, Object> options, @Nullable SplitPosition position) {
    Source source = source(options);
    return reader(source, source.discoverSplits().get(0), position);
  }

  private static SourceReader reader(Source source, Split split, @Nullable SplitPosition position) {
    SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 100));
    reader.assign(split, position);
    return reader;
  }

  /** A reader that gets what is published from now on. */
  protected SourceReader started(Map<String, Object> options) throws Exception {
    return reader(options, null);
  }

  protected static List<Long> ids(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  /**
   * Reads until so many rows are there, in patience; adds their ids, and gives the last position.
   */
  protected static @Nullable SplitPosition read(SourceReader reader, int rows, List<Long> ids) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    SplitPosition end = null;
    while (ids.size() < rows) {
      assertThat(System.nanoTime()).as("rows so far: " + ids.size()).isLessThan(deadline);
      if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
        for (EventRecord row : SourceReading.records(some.batch())) {
          ids.add(row.getLong("id"));
        }
        end = some.end();
      }
    }
    return end;
  }

  /** Nothing more comes for a moment. */
  protected static void assertNoMore(SourceReader reader, Duration moment) {
    long until = System.nanoTime() + moment.toNanos();
    while (System.nanoTime() < until) {
      if (reader.poll(Duration.ofMillis(20)) instanceof Poll.Rows rows) {
        assertThat(SourceReading.records(rows.batch())).isEmpty();
      }
    }
  }

  protected static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void serverThatIsKilledAndAwayForAWhile_losesNothing_andNothingComesTwice() throws Exception {
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = started(options())) {
      publish(0, 400);
      read(reader, isAcknowledged() ? 50 : 400, found);
      killServer();
      try {
        readFor(reader, Duration.ofSeconds(2), found);
      } finally {
        restartServer();
      }
      publish(400, 600);
      read(reader, 600, found);
      assertNoMore(reader, Duration.ofMillis(300));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(ids(0, 600));
  }

  @Test
  void serverThatIsNotThere_isWaitedFor_andAReaderOfItCloses() throws Exception {
    Map<String, Object> options = options();
    Source source = source(options);
    List<Long> found = new ArrayList<>();
    Split split = source.discoverSplits().get(0);
    SourceReader closed = reader(source, split, null);
    killServer();
    boolean isBack = false;
    try {
      if (canBeLookedAt()) {
        assertIsOutage(source(options)::check);
      }
      if (!knowsItsSplits()) {
        assertIsOutage(source(options)::discoverSplits);
      }
      assertNoMore(closed, Duration.ofMillis(50));
      closed.close();
      closed.close();
      try (SourceReader reader = reader(source, split, null)) {
        assertNoMore(reader, Duration.ofMillis(500));
        isBack = true;
        restartServer();
        publishUntilRead(reader, found);
      }
    } finally {
      if (!isBack) {
        restartServer();
      }
    }
    assertThat(found).isNotEmpty().doesNotHaveDuplicates();
  }

  private static void assertIsOutage(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL);
              assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty());
            });
  }

  private static void readFor(SourceReader reader, Duration moment, List<Long> found) {
    long until = System.nanoTime() + moment.toNanos();
    while (System.nanoTime() < until) {
      if (reader.poll(Duration.ofMillis(20)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
      }
    }
  }

  /** A subscription may not be there yet when the first ones are published. */
  private void publishUntilRead(SourceReader reader, List<Long> found) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long id = 0; found.isEmpty(); id++) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      publish(id, id + 1);
      if (reader.poll(Duration.ofMillis(100)) instanceof Poll.Rows rows) {
        SourceReading.records(rows.batch()).forEach(row -> found.add(row.getLong("id")));
      }
    }
  }

  @Test
  void serverThatStandsStill_isWaitedFor() throws Exception {
    List<Long> found = new ArrayList<>();
    try (SourceReader reader = started(options())) {
      publish(0, 200);
      read(reader, 20, found);
      pauseServer();
      try {
        readFor(reader, Duration.ofSeconds(1), found);
      } finally {
        resumeServer();
      }
      publish(200, 300);
      read(reader, 300, found);
      assertNoMore(reader, Duration.ofMillis(300));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(ids(0, 300));
  }

  @Test
  void wrongPassword_isToldAtSubmission_andByReaders() {
    Map<String, Object> wrong = wrongPassword();
    if (wrong != null) {
      assertRefused(wrong);
    }
  }

  @Test
  void whatIsNotThere_isToldAtSubmission_andByReaders() {
    Map<String, Object> missing = missing();
    if (missing != null) {
      assertRefused(missing);
    }
  }

  private void assertRefused(Map<String, Object> options) {
    assertThatThrownBy(source(options)::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER));
    assertFailsSoon(options);
  }

  /** Fails for good, with what to do. */
  protected final void assertFailsSoon(Map<String, Object> options) {
    assertFailsForGood(
        () -> {
          try (SourceReader reader = reader(options, null)) {
            pollInPatience(reader);
          }
        });
  }

  protected final void assertFailsSoon(SourceReader reader) {
    assertFailsForGood(() -> pollInPatience(reader));
  }

  private static void pollInPatience(SourceReader reader) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      reader.poll(Duration.ofMillis(50));
    }
  }

  private static void assertFailsForGood(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty()));
  }
}
