package io.fluxcore.domain.harness;

import io.fluxcore.domain.operator.AsyncCalls;
import io.fluxcore.domain.operator.CallTimeout;
import io.fluxcore.domain.operator.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Calls that an operator has asked for, which end when and how a test says: in any order, failing,
 * out of time, or never. The work is run at the end of the call, on the test's thread. Not
 * thread-safe.
 */
public final class OpenCalls implements AsyncCalls {
  private final List<Open<?>> open = new ArrayList<>();
  private int asked;

  private record Open<R>(Duration delay, Duration timeout, Work<R> work, Completion<R> completion) {
    Consumer<Output> run() {
      R result;
      try {
        result = work.run();
      } catch (Exception e) {
        return failed(e);
      }
      return out -> completion.succeeded(result, out);
    }

    Consumer<Output> failed(Exception failure) {
      return out -> completion.failed(failure, out);
    }
  }

  @Override
  public <R> void call(Duration delay, Duration timeout, Work<R> work, Completion<R> completion) {
    asked++;
    open.add(new Open<>(delay, timeout, work, completion));
  }

  /** Calls that have not ended. */
  public int size() {
    return open.size();
  }

  /** Calls that were ever asked for. */
  public int asked() {
    return asked;
  }

  /** The delays before those that have not ended. */
  public List<Duration> delays() {
    return open.stream().<Duration>map(Open::delay).toList();
  }

  /** Runs a call to its end. */
  Consumer<Output> run(int call) {
    return open.remove(call).run();
  }

  Consumer<Output> fail(int call, Exception failure) {
    return open.remove(call).failed(failure);
  }

  Consumer<Output> timeOut(int call) {
    Open<?> ended = open.remove(call);
    return ended.failed(new CallTimeout(ended.timeout()));
  }
}
