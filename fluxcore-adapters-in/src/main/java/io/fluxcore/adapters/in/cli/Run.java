package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One run of a job: from submission to summary. */
final class Run {
  private static final Duration GLANCE = Duration.ofMillis(250);

  /** What blocks without end, such as a write to a pipe that nobody reads, cannot be cancelled. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Workbench bench;
  private final LocalEngine engine;
  private final FluxCoreService service;
  private final Interrupts interrupts;
  private final StreamTopology topology;
  private final JobConfig config;
  private final UnaryOperator<FluxCoreException> located;
  private final RowStream rows;
  private final DeadLetterFile deadLetters;
  private final boolean inShell;
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicInteger firstSignal = new AtomicInteger();
  private volatile @Nullable JobId id;
  private volatile @Nullable Long cancelledNanos;

  /**
   * A run.
   *
   * @param located what a refusal says, with its place in what the user wrote
   * @param inShell whether the process goes on after it: then the first Ctrl-C cancels, and the
   *     summary is one line
   */
  Run(
      Workbench bench,
      LocalEngine engine,
      Interrupts interrupts,
      StreamTopology topology,
      JobConfig config,
      UnaryOperator<FluxCoreException> located,
      RowStream rows,
      DeadLetterFile deadLetters,
      boolean inShell) {
    this.inShell = inShell;
    this.bench = bench;
    this.engine = engine;
    this.service = engine.service();
    this.interrupts = interrupts;
    this.topology = topology;
    this.config = config;
    this.located = located;
    this.rows = rows;
    this.deadLetters = deadLetters;
  }

  int toTheEnd() throws IOException, InterruptedException {
    interrupts.handle(this::signal);
    long start = System.nanoTime();
    JobId submitted;
    try {
      submitted = service.submitJob(topology, config);
    } catch (FluxCoreException e) {
      throw located.apply(e);
    }
    id = submitted;
    pass(signals.get());
    Progress progress = new Progress(bench.terminal());
    while (!service.awaitEnd(submitted, GLANCE).isTerminal()) {
      if (!inShell) { // there rows come to the same terminal
        progress.show(service.getJob(submitted));
      }
      Long cancelled = cancelledNanos;
      if (cancelled != null && System.nanoTime() - cancelled > PATIENCE.toNanos()) {
        progress.clear();
        return abandon();
      }
    }
    progress.clear();
    return tell(service.getJob(submitted), Duration.ofNanos(System.nanoTime() - start));
  }

  /** Called on a thread of its own. */
  private void signal(int number) {
    firstSignal.compareAndSet(0, number);
    pass(signals.incrementAndGet());
  }

  private void pass(int count) {
    JobId target = id;
    if (target == null || count == 0) {
      return;
    }
    if (count == 1 && !inShell) {
      bench.messages().line("Stopping; press Ctrl-C again to cancel.");
      service.stopJob(target);
    } else {
      bench.messages().line("Cancelling.");
      service.cancelJob(target);
      if (cancelledNanos == null) {
        cancelledNanos = System.nanoTime();
      }
    }
  }

  /** Leaves a job behind that does not end; the process ends with it. */
  private int abandon() {
    bench
        .messages()
        .line(
            "The job did not end within "
                + PATIENCE.toSeconds()
                + " s of being cancelled: a source or sink holds on (a pipe that nobody reads, a"
                + " dead network drive). Given up.");
    return ExitCode.SIGNALLED + firstSignal.get();
  }

  private int tell(JobDetail detail, Duration took) throws IOException {
    long letters = engine.deadLetters().count(detail.id());
    Summary summary =
        new Summary(detail, took, letters, letters == 0 ? null : deadLetters.get().toString());
    JobFailure failure = detail.failure();
    if (detail.status() == JobStatus.FAILED && failure != null) {
      String operator = failure.operatorId();
      bench
          .messages()
          .error(
              operator.isEmpty() ? "the job failed" : "the job failed in '" + operator + "'",
              described(failure));
    }
    if (inShell) {
      bench.messages().line(summary.brief());
    } else {
      bench.messages().title(summary.title());
      summary.lines().forEach(bench.messages()::line);
    }
    try {
      rows.finish(summary.json());
    } catch (IOException e) {
      if (detail.status() != JobStatus.FAILED) {
        throw e;
      }
      // The sink has met the same closed stream, which is why the job failed: it has been told.
    }
    return exitCode(detail.status());
  }

  /** The message, which names the code already where the error is one of FluxCore's. */
  private static String described(JobFailure failure) {
    return failure.message().contains(failure.code())
        ? failure.message()
        : failure.message() + " [" + failure.code() + "]";
  }

  private int exitCode(JobStatus status) {
    if (status == JobStatus.FAILED) {
      return ExitCode.FAILURE;
    }
    int signal = firstSignal.get();
    if (signal != 0) {
      return ExitCode.SIGNALLED + signal;
    }
    return status == JobStatus.FINISHED ? ExitCode.OK : ExitCode.FAILURE;
  }
}
