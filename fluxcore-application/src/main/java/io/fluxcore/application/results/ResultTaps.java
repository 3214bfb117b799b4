package io.fluxcore.application.results;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.BatchTap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The places where a job's rows can be read, one a node. They live as long as the job, whatever
 * becomes of its attempts; a runtime leads the batches of its subtasks past them. Thread-safe.
 */
public final class ResultTaps {
  private final Map<String, ResultTap> taps = new LinkedHashMap<>();
  private Set<String> sinks = Set.of();
  private boolean ended;

  /** No nodes yet. */
  public ResultTaps() {}

  /**
   * The nodes that there are from now on. Readings of a node that is gone, or whose rows have other
   * fields than before, end.
   *
   * @param schemas by node: of the rows that it emits, or of a sink receives
   * @param sinkIds which of them are sinks
   */
  public synchronized void declare(Map<String, Schema> schemas, Set<String> sinkIds) {
    Map<String, ResultTap> before = new LinkedHashMap<>(taps);
    taps.clear();
    sinks = Set.copyOf(sinkIds);
    schemas.forEach(
        (id, schema) -> {
          int kept = sinkIds.contains(id) ? SubscribeOptions.MAX_LATEST : 0;
          ResultTap old = before.get(id);
          if (old != null && old.keptRows() == kept && old.schema().equals(schema)) {
            taps.put(id, old);
            before.remove(id);
          } else {
            taps.put(id, new ResultTap(id, schema, kept));
          }
        });
    before.values().forEach(ResultTap::end);
  }

  /** What is to see the batches that a node emits; of a sink nothing. */
  public synchronized BatchTap emitted(String operatorId) {
    return sinks.contains(operatorId) ? BatchTap.NONE : tap(operatorId);
  }

  /** What is to see the batches that a sink receives; of another node nothing. */
  public synchronized BatchTap received(String operatorId) {
    return sinks.contains(operatorId) ? tap(operatorId) : BatchTap.NONE;
  }

  private BatchTap tap(String operatorId) {
    ResultTap tap = taps.get(operatorId);
    return tap == null ? BatchTap.NONE : tap;
  }

  /**
   * Begins a reading.
   *
   * @throws FluxCoreException of category USER if there is no such node, or none was named and
   *     there is not exactly one sink
   */
  public synchronized ResultSubscription subscribe(SubscribeOptions options) {
    String id = options.operatorId().isEmpty() ? onlySink() : options.operatorId();
    ResultTap tap = taps.get(id);
    if (tap == null) {
      throw FluxCoreException.user(
          "FLX-RESULT-0001",
          Place.of("operatorId"),
          "the job has no node '" + id + "' that gives rows",
          "nodes are " + List.copyOf(taps.keySet()));
    }
    ResultSubscription reading = tap.subscribe(options.latest(), options.bufferRows());
    if (ended) {
      reading.close();
    }
    return reading;
  }

  private String onlySink() {
    if (sinks.size() != 1) {
      throw FluxCoreException.user(
          "FLX-RESULT-0002",
          Place.of("operatorId"),
          "no node was named, and the job has " + sinks.size() + " sinks",
          "name one: sinks are " + new TreeSet<>(sinks));
    }
    return sinks.iterator().next();
  }

  /** The job is over: readings give what waits in them, and end. */
  public synchronized void end() {
    ended = true;
    taps.values().forEach(ResultTap::end);
  }
}
