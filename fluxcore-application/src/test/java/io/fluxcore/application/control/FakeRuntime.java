package io.fluxcore.application.control;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.JobSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Takes jobs and does nothing until the test says so. */
final class FakeRuntime implements JobRuntime {
  final List<FakeJob> jobs = new CopyOnWriteArrayList<>();
  final Set<String> refused = new HashSet<>();
  java.util.function.@Nullable Consumer<JobId> whileStarting;

  FakeJob job(int number) {
    return jobs.get(number);
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public RunningJob start(JobStart start) {
    if (refused.contains(start.config().version())) {
      throw FluxCoreException.user("FLX-FAKE-0001", Place.WHOLE, "no such thing", "");
    }
    FakeJob job = new FakeJob(start);
    jobs.add(job);
    if (whileStarting != null) {
      whileStarting.accept(start.jobId());
    }
    return job;
  }

  static final class FakeJob implements RunningJob {
    final JobStart start;
    final JobListener listener;
    final List<String> calls = new CopyOnWriteArrayList<>();
    final CompletableFuture<JobEnd> end = new CompletableFuture<>();
    @Nullable JobSnapshot snapshot;
    Runnable whenStopped = () -> {};
    Runnable whenCancelled = () -> {};

    FakeJob(JobStart start) {
      this.start = start;
      this.listener = start.listener();
    }

    /** The job is over. */
    void end(JobEnd how) {
      listener.ended(how);
      end.complete(how);
    }

    @Override
    public void cancel() {
      calls.add("cancel");
      whenCancelled.run();
    }

    @Override
    public void stop(boolean drain) {
      calls.add("stop drain=" + drain);
      whenStopped.run();
    }

    @Override
    public CompletableFuture<CheckpointEntry> snapshot(SnapshotRequest request) {
      return new CompletableFuture<>();
    }

    @Override
    public JobMetrics metrics() {
      return new JobMetrics(List.of(), JobMetrics.EMPTY.endToEndLatency(), 7, 5, 1);
    }

    @Override
    public CompletableFuture<LiveState> queryState(String operatorId, List<?> key) {
      calls.add("query " + operatorId + " " + key);
      return CompletableFuture.completedFuture(
          new LiveState(operatorId, List.of(), false, List.of()));
    }

    @Override
    public JobProgress progress() {
      return JobProgress.NONE;
    }

    @Override
    public Optional<JobSnapshot> lastSnapshot() {
      return Optional.ofNullable(snapshot);
    }

    @Override
    public CompletableFuture<JobEnd> end() {
      return end;
    }
  }

  record NumberSource() implements Source {
    @Override
    public Schema schema() {
      return Schema.of(new Field("x", DataType.LONG));
    }

    @Override
    public boolean isBounded() {
      return false;
    }

    @Override
    public List<Split> discoverSplits() {
      throw new AssertionError();
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      throw new AssertionError();
    }
  }

  record NoSink() implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      throw new AssertionError();
    }
  }

  /** A sink that finds something wrong when it looks at its outside. */
  record WrongSink(FluxCoreException wrong) implements Sink {
    @Override
    public void check() {
      throw wrong;
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      throw new AssertionError();
    }
  }
}
