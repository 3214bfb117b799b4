package io.fluxcore.application.timetravel;

import io.fluxcore.application.ReplayRequest.Offset;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.application.connector.SplitSeeking.SeekBy;
import io.fluxcore.application.connector.SplitState;
import io.fluxcore.application.connector.TimeBounds;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the sources of a plan are to be read from, as the snapshots that a job begins with hold it.
 * Asks sources for their splits, and so touches the outside.
 *
 * <p>Methods throw a {@link FluxCoreException} of category {@code STATE_CONFLICT} if a source
 * cannot be read anew, with the names of all that cannot and why.
 */
public final class SourcePositions {
  private final List<PlannedSource> sources;

  public SourcePositions(ExecutionPlan plan) {
    this.sources = sources(plan);
  }

  /** The sources of a plan. */
  static List<PlannedSource> sources(ExecutionPlan plan) {
    List<PlannedSource> all = new ArrayList<>();
    for (PlannedStage stage : plan.stages()) {
      PlannedSource source = stage.source();
      if (source != null) {
        all.add(source);
      }
    }
    return all;
  }

  /** The start of all that there still is, of which what is within the bounds is wanted. */
  public List<OperatorSnapshot> earliest(TimeBounds bounds) {
    requireSeekable();
    return positions(bounds, source -> seeking(source)::earliest);
  }

  /** The first events of a time or later, as near as each source can seek; others are left out. */
  public List<OperatorSnapshot> at(Instant time) {
    requireSeekable();
    requireEventTime();
    return positions(
        TimeBounds.from(time.toEpochMilli()),
        source -> {
          SplitSeeking seeking = seeking(source);
          // The time that a source seeks by is its own stamp, which a field may overrule.
          boolean seeks =
              source.timestampField() == null
                  && source.timestamp() == null
                  && seeking.by().contains(SeekBy.TIMESTAMP);
          return seeks ? split -> seeking.at(split, time) : seeking::earliest;
        });
  }

  /**
   * Positions that somebody has named.
   *
   * @throws FluxCoreException also of category {@code USER} if there is no such source or split, or
   *     a position is none
   */
  public List<OperatorSnapshot> at(List<Offset> offsets) {
    requireSeekable();
    Map<String, Map<String, String>> wanted = new LinkedHashMap<>();
    for (Offset offset : offsets) {
      PlannedSource source = source(offset);
      if (!seeking(source).by().contains(SeekBy.POSITION)) {
        throw cannot(List.of("'" + source.operatorId() + "' cannot be sought by position"));
      }
      wanted
          .computeIfAbsent(source.operatorId(), s -> new LinkedHashMap<>())
          .put(offset.split(), offset.position());
    }
    List<OperatorSnapshot> positions =
        positions(
            TimeBounds.NONE,
            source -> {
              Map<String, String> named =
                  wanted.getOrDefault(source.operatorId(), new LinkedHashMap<>());
              return split -> {
                String text = named.remove(split.id());
                return text == null ? null : position(source, split, text);
              };
            });
    wanted.forEach(
        (source, left) -> {
          if (!left.isEmpty()) {
            throw noSplit(source, left.keySet().iterator().next());
          }
        });
    return positions;
  }

  private PlannedSource source(Offset offset) {
    String name = offset.source();
    if (name == null && sources.size() == 1) {
      return sources.get(0);
    }
    for (PlannedSource source : sources) {
      if (source.operatorId().equals(name)) {
        return source;
      }
    }
    throw wrongOffset(
        name == null ? "it is not said which source's" : "there is no source '" + name + "'",
        "sources are "
            + sources.stream().map(PlannedSource::operatorId).collect(Collectors.joining(", ")));
  }

  private static SplitPosition position(PlannedSource source, Source.Split split, String text) {
    try {
      return seeking(source).position(split, text);
    } catch (IllegalArgumentException e) {
      throw wrongOffset(
          "'" + text + "' is no position in split '" + split.id() + "'",
          String.valueOf(e.getMessage()));
    }
  }

  private FluxCoreException noSplit(String source, String split) {
    String known =
        sources.stream()
            .filter(s -> s.operatorId().equals(source))
            .flatMap(s -> s.source().discoverSplits().stream())
            .map(Source.Split::id)
            .limit(10)
            .collect(Collectors.joining(", "));
    return wrongOffset(
        "source '" + source + "' has no split '" + split + "'", "splits are " + known);
  }

  private static FluxCoreException wrongOffset(String message, String remedy) {
    return FluxCoreException.user("FLX-TRAVEL-0005", Place.of("offsets"), message, remedy);
  }

  private List<OperatorSnapshot> positions(
      TimeBounds bounds, Function<PlannedSource, Positions> places) {
    List<OperatorSnapshot> all = new ArrayList<>();
    for (PlannedSource source : sources) {
      Positions where = places.apply(source);
      OperatorSnapshot.Builder builder = OperatorSnapshot.builder(source.operatorId());
      for (Source.Split split : source.source().discoverSplits()) {
        SplitState state = new SplitState(split.id(), where.of(split), false, null);
        builder.entry(SplitState.ENTRY, state.toBytes());
      }
      if (!bounds.equals(TimeBounds.NONE)) {
        builder.entry(TimeBounds.ENTRY, bounds.toBytes());
      }
      all.add(builder.build());
    }
    return all;
  }

  /** Where a split is read from; null for the configured start. */
  @FunctionalInterface
  private interface Positions {
    @Nullable SplitPosition of(Source.Split split);
  }

  private static SplitSeeking seeking(PlannedSource source) {
    SplitSeeking seeking = source.source().seeking();
    if (seeking == null) {
      throw cannot(List.of(reason(source)));
    }
    return seeking;
  }

  private void requireSeekable() {
    List<String> reasons =
        sources.stream()
            .filter(source -> !source.replayable() || source.source().seeking() == null)
            .map(SourcePositions::reason)
            .toList();
    if (!reasons.isEmpty()) {
      throw cannot(reasons);
    }
  }

  /** Refuses sources that cannot go on from the position of a snapshot. */
  void requireReplayable() {
    List<String> reasons =
        sources.stream()
            .filter(source -> !source.replayable())
            .map(SourcePositions::reason)
            .toList();
    if (!reasons.isEmpty()) {
      throw cannot(reasons);
    }
  }

  private static String reason(PlannedSource source) {
    return "'"
        + source.operatorId()
        + "' ("
        + source.description()
        + ") "
        + (source.replayable()
            ? "does not tell where its splits begin"
            : "keeps nothing of what it has given");
  }

  private static FluxCoreException cannot(List<String> reasons) {
    return FluxCoreException.conflict(
        "FLX-TRAVEL-0001",
        Place.of("job"),
        "the job cannot be replayed so: source " + String.join("; source ", reasons),
        "begin with a savepoint or checkpoint, if its sources can go on from there");
  }

  /** Refuses sources whose events have no time but that at which they were read. */
  void requireEventTime() {
    List<String> others =
        sources.stream()
            .filter(source -> source.time() != TimeCharacteristic.EVENT)
            .map(source -> "'" + source.operatorId() + "'")
            .toList();
    if (!others.isEmpty()) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              "FLX-TRAVEL-0006",
              Place.of("time"),
              "the events of source "
                  + String.join(", ", others)
                  + " have no time of their own, but that at which they were read",
              "replay from a savepoint or from offsets, or declare the field that holds the time"));
    }
  }
}
