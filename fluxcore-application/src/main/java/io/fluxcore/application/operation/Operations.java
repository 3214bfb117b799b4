package io.fluxcore.application.operation;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Starts operations and writes down what becomes of them. What an operation does goes on on the
 * threads of who does it; here nothing waits but {@link #await}. Thread-safe.
 */
public final class Operations {
  /** How long an operation can be asked for after its end. */
  public static final Duration KEPT = Duration.ofHours(24);

  private final OperationStore store;
  private final InstantSource time;
  private final Supplier<OperationId> ids;
  private final Map<OperationId, Running> running = new HashMap<>();
  private Instant nextClearing = Instant.MIN;

  /**
   * Operations of this process and, where the store knows them, of others.
   *
   * @param ids a new, different id each time
   */
  public Operations(OperationStore store, InstantSource time, Supplier<OperationId> ids) {
    this.store = store;
    this.time = time;
    this.ids = ids;
  }

  /** An operation that is not over. */
  private record Running(Tracked tracked, CompletableFuture<Operation> end) {}

  /** What an operation does. */
  @FunctionalInterface
  public interface Work {
    /**
     * Begins it, and returns soon.
     *
     * @param steps is told how far it is, from any thread
     * @return completes with what came of it, by name; with a {@link CancellationException} when
     *     the job was ended before; otherwise exceptionally with why it failed
     */
    CompletionStage<Map<String, String>> begin(Steps steps);
  }

  /** Is told how far an operation is. Thread-safe. */
  @FunctionalInterface
  public interface Steps {
    /**
     * A step begins.
     *
     * @param percent of the whole that is done
     * @param step in a few words
     */
    void at(int percent, String step);

    /**
     * From here on the operation can be cancelled.
     *
     * @param cancel has it end soon, with a {@link CancellationException}; any thread
     */
    default void onCancel(Runnable cancel) {}
  }

  /**
   * Starts an operation.
   *
   * @return a reading of it
   * @throws FluxCoreException what {@code work} throws when it refuses to begin; the operation is
   *     forgotten then
   */
  public Operation start(OperationType type, JobId jobId, Work work) {
    clear();
    OperationId id = ids.get();
    CompletableFuture<Operation> end = new CompletableFuture<>();
    Tracked tracked = new Tracked(Operation.pending(id, type, jobId, time.instant()));
    CompletionStage<Map<String, String>> begun = work.begin(tracked);
    synchronized (running) {
      running.put(id, new Running(tracked, end));
    }
    tracked.begin();
    CompletionStage<Void> unused =
        begun.handle(
            (result, failure) -> {
              end.complete(tracked.end(result, failure));
              synchronized (running) {
                running.remove(id);
              }
              return null;
            });
    return tracked.reading();
  }

  /** Forgets what ended long ago; looks for it now and then. */
  private void clear() {
    Instant now = time.instant();
    synchronized (running) {
      if (now.isBefore(nextClearing)) {
        return;
      }
      nextClearing = now.plus(Duration.ofHours(1));
    }
    store.removeEndedBefore(now.minus(KEPT));
  }

  /** An operation of this process, as it changes. */
  private final class Tracked implements Steps {
    private Operation operation;
    private boolean begun;
    private @Nullable Runnable cancel;

    Tracked(Operation operation) {
      this.operation = operation;
    }

    /** It did begin: from here on it is kept. */
    synchronized void begin() {
      begun = true;
      store.save(operation);
    }

    synchronized Operation reading() {
      return operation;
    }

    @Override
    public synchronized void at(int percent, String step) {
      if (percent >= operation.progress().percent()) {
        change(o -> o.at(new OperationProgress(percent, step), time.instant()));
      }
    }

    @Override
    public synchronized void onCancel(Runnable cancelling) {
      cancel = cancelling;
    }

    synchronized @Nullable Runnable canceller() {
      return cancel;
    }

    synchronized Operation end(@Nullable Map<String, String> result, @Nullable Throwable failure) {
      Throwable cause = cause(failure);
      if (cause == null) {
        change(o -> o.succeeded(result == null ? Map.of() : result, time.instant()));
      } else if (cause instanceof CancellationException) {
        change(o -> o.cancelled(time.instant()));
      } else {
        change(o -> o.failed(OperationError.of(cause), time.instant()));
      }
      return operation;
    }

    private void change(UnaryOperator<Operation> change) {
      if (operation.status().isTerminal()) {
        return;
      }
      operation = change.apply(operation);
      if (begun) {
        store.save(operation);
      }
    }
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /**
   * A reading of an operation.
   *
   * @throws FluxCoreException of category NOT_FOUND if there is none, or none any more
   */
  public Operation get(OperationId id) {
    return store
        .find(id)
        .orElseThrow(
            () ->
                new FluxCoreException(
                    ErrorCategory.NOT_FOUND,
                    Diagnostic.error(
                        "FLX-OP-0002",
                        Place.of("operationId"),
                        "there is no operation " + id,
                        "operations are kept for 24 hours after their end; look at the job")));
  }

  /**
   * Has an operation end soon, if it can be cancelled; without effect if it is over.
   *
   * @return a reading of it
   * @throws FluxCoreException of category STATE_CONFLICT if it cannot be; NOT_FOUND if there is
   *     none
   */
  public Operation cancel(OperationId id) {
    Operation reading = get(id);
    Running one;
    synchronized (running) {
      one = running.get(id);
    }
    if (one == null && reading.status().isTerminal()) {
      return reading;
    }
    Runnable cancel = one == null ? null : one.tracked().canceller();
    if (cancel == null) {
      throw FluxCoreException.conflict(
          "FLX-OP-0005",
          Place.of("operationId"),
          "operation " + id + " (" + reading.type().word() + ") cannot be cancelled here",
          "wait for its end, or cancel its job");
    }
    cancel.run();
    return get(id);
  }

  /** All that are kept, the newest first. */
  public List<Operation> all() {
    return store.all();
  }

  /**
   * Waits until an operation is over. One of another server is not waited for.
   *
   * @return a reading; of an operation that is over, unless the time ran out before
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Operation await(OperationId id, Duration timeout) throws InterruptedException {
    Running one;
    synchronized (running) {
      one = running.get(id);
    }
    if (one != null) {
      try {
        return one.end().get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return get(id);
      } catch (ExecutionException e) {
        throw new IllegalStateException("the end of an operation is never exceptional", e);
      }
    }
    return get(id);
  }

  /**
   * Ends the operations of a job that a server which is gone had begun: they failed with it.
   * Operations of this process are left alone.
   */
  public void interrupted(JobId jobId) {
    for (Operation operation : store.all()) {
      boolean ours;
      synchronized (running) {
        ours = running.containsKey(operation.id());
      }
      if (!ours && operation.jobId().equals(jobId) && !operation.status().isTerminal()) {
        OperationError error =
            new OperationError(
                "FLX-OP-0004",
                ErrorCategory.STATE_CONFLICT,
                "the server ended before the operation did",
                "look at the job's status, and ask again if it is not what was wanted");
        store.save(operation.failed(error, time.instant()));
      }
    }
  }
}
