package io.fluxcore.adapters.in.generator;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The position of a split is the index of its next event, from which its time follows. */
final class GeneratorSeeking implements SplitSeeking {
  private final EventTimes times;
  private final int splits;

  GeneratorSeeking(EventTimes times, int splits) {
    this.times = times;
    this.splits = splits;
  }

  @Override
  public Set<SeekBy> by() {
    return EnumSet.allOf(SeekBy.class);
  }

  @Override
  public @Nullable SplitPosition earliest(Source.Split split) {
    return null;
  }

  @Override
  public SplitPosition position(Source.Split split, String text) {
    long first = GeneratorReader.firstIndex(split.id());
    try {
      long index = Long.parseLong(text);
      if (index >= first && (index - first) % splits == 0) {
        return new SplitPosition(Long.toString(index));
      }
    } catch (NumberFormatException e) {
      throw notAnIndex(split, first);
    }
    throw notAnIndex(split, first);
  }

  private IllegalArgumentException notAnIndex(Source.Split split, long first) {
    return new IllegalArgumentException(
        "a position of split '"
            + split.id()
            + "' is the index of one of its events: "
            + first
            + ", "
            + (first + splits)
            + ", "
            + (first + 2L * splits)
            + " …");
  }

  @Override
  public SplitPosition at(Source.Split split, Instant time) {
    long first = GeneratorReader.firstIndex(split.id());
    long index = times.firstAt(time);
    long steps = Math.max(0, Math.floorDiv(index - first + splits - 1, splits));
    return new SplitPosition(Long.toString(first + steps * splits));
  }
}
