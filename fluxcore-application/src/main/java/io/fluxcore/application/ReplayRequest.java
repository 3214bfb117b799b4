package io.fluxcore.application;

import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.domain.topology.SinkConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be replayed of a job, and into what. Unless said otherwise a new job does it, beside
 * the one that runs, whose sinks take no rows: results are read as they come, by {@link
 * FluxCoreService#subscribe}.
 *
 * @param start from where
 * @param name of the new job; null: {@code <name>-replay-1} or the next number that is free
 * @param declaredSinks whether results go where the job's own go; they are then written a second
 *     time
 * @param sinks other sinks, by the names of those whose place they take
 * @param inPlace whether the job itself goes back: it is stopped with its state, and goes on from
 *     the start of the replay, with its declared sinks; when that does not come to run, it goes on
 *     with the state that it was stopped with
 */
public record ReplayRequest(
    Start start,
    @Nullable String name,
    boolean declaredSinks,
    Map<String, SinkConfig> sinks,
    boolean inPlace) {
  public ReplayRequest {
    sinks = Map.copyOf(sinks);
  }

  /** From where a job is replayed. */
  public sealed interface Start {
    /** In a few words, such as {@code savepoint sp-1b9f04c2}. */
    String describe();
  }

  /** The state of a savepoint, and the positions that its sources had. */
  public record Savepoint(SavepointId id) implements Start {
    @Override
    public String describe() {
      return "savepoint " + id;
    }
  }

  /**
   * A time. What is earlier in event time is not read where the source can seek by time, and
   * otherwise read and left out, counted as filtered.
   *
   * @param time in event time, to the millisecond
   * @param withState whether the job begins with the nearest checkpoint or savepoint that holds
   *     nothing of that time or later, and what came after it is read: nothing is left out then. If
   *     not, all state is empty
   */
  public record Timestamp(Instant time, boolean withState) implements Start {
    @Override
    public String describe() {
      return "event time " + time + (withState ? " with the state before it" : "");
    }
  }

  /**
   * Positions of splits; state is empty. Splits that are not named begin where the source is
   * configured to start.
   */
  public record Offsets(List<Offset> offsets) implements Start {
    public Offsets {
      offsets = List.copyOf(offsets);
      if (offsets.isEmpty()) {
        throw new IllegalArgumentException("a replay from offsets needs one");
      }
    }

    @Override
    public String describe() {
      return "offsets of " + offsets.size() + (offsets.size() == 1 ? " split" : " splits");
    }
  }

  /**
   * A place in a split.
   *
   * @param source its source in the topology; null where there is only one
   * @param split id of the split
   * @param position in the words of the connector, as savepoints show it
   */
  public record Offset(@Nullable String source, String split, String position) {}

  /** From any start. */
  public static ReplayRequest from(Start start) {
    return new ReplayRequest(start, null, false, Map.of(), false);
  }

  public static ReplayRequest fromSavepoint(SavepointId savepoint) {
    return from(new Savepoint(savepoint));
  }

  /** With empty state. */
  public static ReplayRequest fromTimestamp(Instant time) {
    return from(new Timestamp(time, false));
  }

  public static ReplayRequest fromOffsets(Offset... offsets) {
    return from(new Offsets(List.of(offsets)));
  }

  /** By a new job of this name. */
  public ReplayRequest as(String jobName) {
    return new ReplayRequest(start, jobName, declaredSinks, sinks, inPlace);
  }

  /** Into the sinks that the job declares. */
  public ReplayRequest intoDeclaredSinks() {
    return new ReplayRequest(start, name, true, sinks, inPlace);
  }

  /** Into other sinks, by the names of those whose place they take. */
  public ReplayRequest into(Map<String, SinkConfig> others) {
    return new ReplayRequest(start, name, declaredSinks, others, inPlace);
  }

  /** By the job itself. */
  public ReplayRequest goingBack() {
    return new ReplayRequest(start, name, declaredSinks, sinks, true);
  }
}
