package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TwoPhaseSink} keeps: rows become visible by the commit of a checkpoint that
 * counts, once, whatever crashes in between and whoever wakes up too late. A sink's test extends it
 * and says how its outside is looked at. A crash is a writer that is left alone, and a new sink of
 * the same options.
 */
public abstract class TwoPhaseSinkContract {
  /** The schema of the rows that are written. */
  protected static final Schema PAIRS =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  private static final JobId JOB = JobId.of(7, 11);
  private static final RecordFailures FAIL = RecordFailures.FAIL;

  /** A sink of {@link #PAIRS}, as another process would make it; its outside is always the same. */
  protected abstract TwoPhaseSink sink();

  /** The ids of the rows that are visible now, in any order, each as often as it is there. */
  protected abstract List<Long> visibleIds();

  /**
   * How many transactions lie outside and wait for a commit or for somebody who takes them back,
   * begun ones included; 0 where they have no part outside.
   */
  protected abstract int waiting();

  /** Rows of a transaction that does not fit into a buffer. */
  protected int manyRows() {
    return 100_000;
  }

  private static SinkOwner owner(JobId job, long token) {
    return new SinkOwner(job, "sink", new FencingToken(token));
  }

  private static SinkOwner owner(long token) {
    return owner(JOB, token);
  }

  private static SinkWriter writer(TwoPhaseSink sink, SinkOwner owner, int subtask, int of) {
    return writer(sink, owner, subtask, of, 0);
  }

  private static SinkWriter writer(
      TwoPhaseSink sink, SinkOwner owner, int subtask, int of, long afterCheckpoint) {
    return sink.createWriter(
        new WriterContext(owner, subtask, of, Visibility.AT_CHECKPOINTS, afterCheckpoint));
  }

  private static SinkWriter writer(TwoPhaseSink sink, SinkOwner owner) {
    return writer(sink, owner, 0, 1);
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (long id = from; id < to; id++) {
      builder.row(0, id, "name-" + id);
    }
    return builder.build();
  }

  private static void write(SinkWriter writer, long from, long to) {
    writer.write(rows(from, to), FAIL);
  }

  private static void settle(TwoPhaseSink sink, SinkOwner owner, List<CommitHandle> registered) {
    sink.settle(owner, registered, Unknown.TAKE_BACK, FAIL);
  }

  /** A sink whose owner has begun. */
  private TwoPhaseSink begun(SinkOwner owner, List<CommitHandle> registered) {
    TwoPhaseSink sink = sink();
    settle(sink, owner, registered);
    return sink;
  }

  private TwoPhaseSink begun(SinkOwner owner) {
    return begun(owner, List.of());
  }

  private void assertVisible(long from, long to) {
    assertThat(visibleIds().stream().sorted().toList())
        .isEqualTo(LongStream.range(from, to).boxed().toList());
  }

  private void assertNothingVisible() {
    assertThat(visibleIds()).isEmpty();
  }

  /** Either nothing comes of it, or it is refused as the call of a stale owner. */
  private static void withoutEffect(Runnable call) {
    try {
      call.run();
    } catch (FluxCoreException e) {
      assertThat(e.code()).as(e.toString()).isEqualTo(CheckpointRegistry.STALE_OWNER);
    }
  }

  /** Done, or refused in whatever way. */
  private static void refusedOrNot(Runnable call) {
    try {
      call.run();
    } catch (FluxCoreException e) {
      assertThat(e.code()).startsWith("FLX-");
    }
  }

  @Test
  void nothing_isVisibleBeforeTheCommit() {
    SinkOwner owner = owner(1);
    TwoPhaseSink sink = begun(owner);
    SinkWriter writer = writer(sink, owner);
    write(writer, 0, 10);
    writer.flush();
    writer.flush();
    assertNothingVisible();
    List<CommitHandle> handles = writer.prepareCommit(1);
    assertThat(handles).isNotEmpty();
    write(writer, 10, 20);
    writer.flush();
    assertNothingVisible();
    sink.commit(owner, handles, FAIL);
    assertVisible(0, 10);
    List<CommitHandle> second = writer.prepareCommit(2);
    writer.close();
    assertVisible(0, 10);
    sink.commit(owner, second, FAIL);
    assertVisible(0, 20);
    assertThat(waiting()).isZero();
  }

  @Test
  void commit_manyTimes_hasOneEffect() {
    SinkOwner owner = owner(1);
    TwoPhaseSink sink = begun(owner);
    try (SinkWriter writer = writer(sink, owner)) {
      write(writer, 0, 10);
      List<CommitHandle> first = writer.prepareCommit(1);
      sink.commit(owner, first, FAIL);
      sink.commit(owner, first, FAIL);
      write(writer, 10, 20);
      List<CommitHandle> both = new ArrayList<>(first);
      both.addAll(writer.prepareCommit(2));
      sink.commit(owner, both, FAIL);
      sink.commit(owner, first, FAIL);
      sink.commit(owner, both, FAIL);
    }
    assertVisible(0, 20);
    SinkOwner next = owner(2);
    try (SinkWriter writer = writer(begun(next), next)) {
      write(writer, 20, 21);
    }
    assertVisible(0, 20);
  }

  @Test
  void nothingWritten_isNoTransaction() {
    SinkOwner owner = owner(1);
    TwoPhaseSink sink = begun(owner);
    try (SinkWriter writer = writer(sink, owner)) {
      assertThat(writer.prepareCommit(1)).isEmpty();
      writer.write(rows(0, 0), FAIL);
      writer.write(rows(0, 5).withSelection(new int[0], 0), FAIL);
      writer.flush();
      assertThat(writer.prepareCommit(2)).isEmpty();
      sink.commit(owner, List.of(), FAIL);
    }
    assertNothingVisible();
    assertThat(waiting()).isZero();
  }

  @Test
  void largeTransaction_isVisibleAsAWhole() {
    SinkOwner owner = owner(1);
    TwoPhaseSink sink = begun(owner);
    int rows = manyRows();
    try (SinkWriter writer = writer(sink, owner)) {
      for (int from = 0; from < rows; from += 2_000) {
        write(writer, from, Math.min(rows, from + 2_000));
      }
      List<CommitHandle> handles = writer.prepareCommit(1);
      assertNothingVisible();
      sink.commit(owner, handles, FAIL);
    }
    assertVisible(0, rows);
    assertThat(waiting()).isZero();
  }

  @Test
  void severalCheckpointsInOneCommit_areAllVisible() {
    SinkOwner owner = owner(1);
    TwoPhaseSink sink = begun(owner);
    List<CommitHandle> handles = new ArrayList<>();
    try (SinkWriter writer = writer(sink, owner)) {
      for (int checkpoint = 1; checkpoint <= 4; checkpoint++) {
        write(writer, checkpoint * 10L - 10, checkpoint * 10L);
        handles.addAll(writer.prepareCommit(checkpoint));
      }
    }
    assertNothingVisible();
    sink.commit(owner, handles, FAIL);
    assertVisible(0, 40);
    assertThat(waiting()).isZero();
  }

  @Test
  void crashBetweenPrepareAndRegistration_rowsComeAgain_once() {
    SinkOwner before = owner(1);
    TwoPhaseSink crashed = begun(before);
    SinkWriter writer = writer(crashed, before);
    write(writer, 0, 10);
    List<CommitHandle> registered = writer.prepareCommit(1);
    crashed.commit(before, registered, FAIL);
    write(writer, 10, 15);
    writer.prepareCommit(2);
    write(writer, 15, 17);

    SinkOwner after = owner(2);
    TwoPhaseSink sink = begun(after, registered);
    assertVisible(0, 10);
    assertThat(waiting()).isZero();
    try (SinkWriter next = writer(sink, after)) {
      write(next, 10, 20);
      sink.commit(after, next.prepareCommit(2), FAIL);
    }
    assertVisible(0, 20);
    assertThat(waiting()).isZero();
  }

  @Test
  void crashBetweenRegistrationAndCommit_isCommittedByTheNextOwner_once() {
    SinkOwner before = owner(1);
    SinkWriter writer = writer(begun(before), before);
    write(writer, 0, 10);
    List<CommitHandle> registered = writer.prepareCommit(1);
    write(writer, 10, 12);

    SinkOwner after = owner(2);
    TwoPhaseSink sink = begun(after, registered);
    assertVisible(0, 10);
    try (SinkWriter next = writer(sink, after)) {
      write(next, 10, 20);
      List<CommitHandle> all = new ArrayList<>(registered);
      all.addAll(next.prepareCommit(2));
      sink.commit(after, all, FAIL);
    }
    assertVisible(0, 20);
    SinkOwner third = owner(3);
    begun(third, registered);
    assertVisible(0, 20);
    assertThat(waiting()).isZero();
  }

  @Test
  void crashAmidTheCommitOfSeveralWriters_isCompleted() {
    SinkOwner before = owner(1);
    TwoPhaseSink crashed = begun(before);
    List<CommitHandle> registered = new ArrayList<>();
    for (int subtask = 0; subtask < 3; subtask++) {
      SinkWriter writer = writer(crashed, before, subtask, 3);
      write(writer, subtask * 10L, subtask * 10L + 10);
      registered.addAll(writer.prepareCommit(1));
    }
    crashed.commit(before, registered.subList(1, 2), FAIL);
    assertVisible(10, 20);

    begun(owner(2), registered);
    assertVisible(0, 30);
    assertThat(waiting()).isZero();
  }

  @Test
  void parallelism_mayChangeWithEveryRestore() {
    List<CommitHandle> registered = List.of();
    int token = 1;
    long written = 0;
    for (int parallelism : new int[] {1, 3, 2, 1}) {
      SinkOwner owner = owner(token++);
      TwoPhaseSink sink = begun(owner, registered);
      assertVisible(0, written);
      List<CommitHandle> prepared = new ArrayList<>();
      for (int subtask = 0; subtask < parallelism; subtask++) {
        SinkWriter writer = writer(sink, owner, subtask, parallelism);
        write(writer, written, written + 7);
        written += 7;
        prepared.addAll(writer.prepareCommit(token));
        write(writer, 1_000, 1_010);
      }
      registered = prepared;
    }
    begun(owner(token), registered);
    assertVisible(0, written);
    assertThat(waiting()).isZero();
  }

  @Test
  void whatNoSnapshotKnows_isTakenBack_andStaysSo() {
    SinkOwner before = owner(1);
    TwoPhaseSink crashed = begun(before);
    SinkWriter writer = writer(crashed, before);
    write(writer, 0, 10);
    List<CommitHandle> unknown = writer.prepareCommit(1);
    write(writer, 10, 20);

    begun(owner(2));
    assertNothingVisible();
    assertThat(waiting()).isZero();
    withoutEffect(() -> crashed.commit(before, unknown, FAIL));
    assertVisible(0, 0);
  }

  @Test
  void whatALaterSnapshotMayKnow_isKept() {
    SinkOwner before = owner(1);
    SinkWriter writer = writer(begun(before), before);
    write(writer, 0, 10);
    List<CommitHandle> uncertain = writer.prepareCommit(1);

    SinkOwner after = owner(2);
    sink().settle(after, List.of(), Unknown.KEEP, FAIL);
    assertNothingVisible();
    begun(owner(3), uncertain);
    assertVisible(0, 10);
    assertThat(waiting()).isZero();
  }

  @Test
  void crashAfterCrash_leavesNoMoreBehindThanOne() {
    int most = 0;
    for (int token = 1; token <= 20; token++) {
      SinkOwner owner = owner(token);
      TwoPhaseSink sink = begun(owner);
      assertThat(waiting()).as("after crash %s", token - 1).isZero();
      for (int subtask = 0; subtask < 2; subtask++) {
        SinkWriter writer = writer(sink, owner, subtask, 2);
        write(writer, 0, 10);
        writer.prepareCommit(1);
        write(writer, 10, 20);
      }
      most = Math.max(most, waiting());
    }
    assertThat(most).isLessThanOrEqualTo(4);
    assertNothingVisible();
  }

  @Test
  void secondAttemptOfOneOwner_takesBackWhatTheFirstLeft() {
    SinkOwner owner = owner(1);
    TwoPhaseSink sink = begun(owner);
    SinkWriter first = writer(sink, owner);
    write(first, 0, 10);
    List<CommitHandle> registered = first.prepareCommit(1);
    write(first, 10, 20);
    first.prepareCommit(2);
    write(first, 20, 30);
    first.close();
    settle(sink, owner, registered);
    assertVisible(0, 10);
    assertThat(waiting()).isZero();
    try (SinkWriter second = writer(sink, owner, 0, 1, 2)) {
      write(second, 10, 20);
      sink.commit(owner, second.prepareCommit(3), FAIL);
    }
    settle(sink, owner, List.of());
    assertVisible(0, 20);
    assertThat(waiting()).isZero();
  }

  @Test
  void closedWriter_takesBackWhatItHasNotPrepared() {
    SinkOwner owner = owner(1);
    SinkWriter writer = writer(begun(owner), owner);
    for (int from = 0; from < manyRows(); from += 2_000) {
      write(writer, from, from + 2_000);
    }
    writer.close();
    writer.close();
    assertNothingVisible();
    assertThat(waiting()).isZero();
  }

  @Test
  void olderSavepoint_doesNotCommitAgain() {
    SinkOwner before = owner(1);
    TwoPhaseSink sink = begun(before);
    SinkWriter writer = writer(sink, before);
    write(writer, 0, 10);
    List<CommitHandle> savepoint = writer.prepareCommit(1);
    sink.commit(before, savepoint, FAIL);
    write(writer, 10, 20);
    sink.commit(before, writer.prepareCommit(2), FAIL);
    writer.close();
    begun(owner(2), savepoint);
    assertVisible(0, 20);
  }

  @Test
  void anotherJobFromASavepoint_commitsItsHandles_withoutShuttingOutTheFirst() {
    SinkOwner first = owner(1);
    TwoPhaseSink sink = begun(first);
    SinkOwner second = owner(JobId.of(8, 8), 1);
    try (SinkWriter writer = writer(sink, first)) {
      write(writer, 0, 10);
      List<CommitHandle> savepoint = writer.prepareCommit(1);
      TwoPhaseSink other = begun(second, savepoint);
      assertVisible(0, 10);
      sink.commit(first, savepoint, FAIL);
      assertVisible(0, 10);
      write(writer, 10, 20);
      List<CommitHandle> mine = writer.prepareCommit(2);
      try (SinkWriter next = writer(other, second, 0, 1)) {
        write(next, 20, 30);
        other.commit(second, next.prepareCommit(2000), FAIL);
      }
      settle(other, second, List.of());
      sink.commit(first, mine, FAIL);
    }
    assertVisible(0, 30);
  }

  @Test
  void staleOwner_thatWakesUp_doesNoHarm() {
    SinkOwner stale = owner(1);
    TwoPhaseSink paused = begun(stale);
    SinkWriter asleep = writer(paused, stale);
    write(asleep, 0, 10);
    List<CommitHandle> lost = asleep.prepareCommit(5);
    write(asleep, 10, 12);

    SinkOwner current = owner(2);
    TwoPhaseSink sink = begun(current);
    try (SinkWriter writer = writer(sink, current)) {
      write(writer, 0, 20);
      // It has not heard of its successor, whose checkpoints have the same ids.
      refusedOrNot(() -> write(asleep, 12, 14));
      List<CommitHandle> handles = writer.prepareCommit(5);
      refusedOrNot(() -> asleep.prepareCommit(6));
      write(writer, 20, 30);
      withoutEffect(() -> paused.commit(stale, lost, FAIL));
      assertNothingVisible();
      sink.commit(current, handles, FAIL);
      assertVisible(0, 20);
      refusedOrNot(asleep::close);
      withoutEffect(() -> settle(paused, stale, lost));
      assertVisible(0, 20);
      sink.commit(current, writer.prepareCommit(6), FAIL);
    }
    assertVisible(0, 30);
    settle(sink, current, List.of());
    assertThat(waiting()).isZero();
  }

  @Test
  void twoWhoCommitAtTheSameTime_commitOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      SinkOwner owner = owner(1);
      TwoPhaseSink sink = begun(owner);
      for (int round = 0; round < 5; round++) {
        List<CommitHandle> handles = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
          try (SinkWriter writer = writer(sink, owner, subtask, 2, round)) {
            long from = round * 200L + subtask * 100L;
            write(writer, from, from + 100);
            handles.addAll(writer.prepareCommit(round + 1));
          }
        }
        CyclicBarrier together = new CyclicBarrier(2);
        Callable<@Nullable Void> commit =
            () -> {
              TwoPhaseSink mine = sink();
              together.await(1, TimeUnit.MINUTES);
              mine.commit(owner, handles, FAIL);
              return null;
            };
        for (Future<?> done : Arrays.asList(threads.submit(commit), threads.submit(commit))) {
          done.get(1, TimeUnit.MINUTES);
        }
        assertVisible(0, round * 200L + 200);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
