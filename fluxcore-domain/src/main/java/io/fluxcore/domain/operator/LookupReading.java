package io.fluxcore.domain.operator;

/**
 * How an operator gets on with a table outside, of one subtask or the sum over subtasks; counted
 * since the operator was started.
 *
 * @param hits rows whose answer was remembered
 * @param shared rows whose key was being asked for already
 * @param misses keys that were asked for
 * @param calls that were made, further attempts counted
 * @param failedCalls of them those that failed or were not answered in time
 * @param cachedKeys keys that are remembered now
 * @param waitingRows rows that wait for answers now
 * @param inFlight calls that are under way now, or wait for another attempt
 */
public record LookupReading(
    long hits,
    long shared,
    long misses,
    long calls,
    long failedCalls,
    long cachedKeys,
    long waitingRows,
    long inFlight) {
  /** Of an operator that asks nothing. */
  public static final LookupReading NONE = new LookupReading(0, 0, 0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  public LookupReading plus(LookupReading o) {
    return new LookupReading(
        hits + o.hits,
        shared + o.shared,
        misses + o.misses,
        calls + o.calls,
        failedCalls + o.failedCalls,
        cachedKeys + o.cachedKeys,
        waitingRows + o.waitingRows,
        inFlight + o.inFlight);
  }
}
