package io.fluxcore.domain.time;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which partitions of one subtask are held back so that they do not run ahead of their alignment
 * group. The host tells how far the slowest of the group is; this decides. The time for which a
 * partition is held does not make it idle, nor its source silent. Not thread-safe.
 */
public final class SourceAlignment {
  private final WatermarkAlignment settings;
  private final SourceWatermarks watermarks;
  private Set<String> held = Set.of();
  private boolean holdsAll;

  /**
   * The decisions for one subtask.
   *
   * @param watermarks of its partitions
   */
  public SourceAlignment(WatermarkAlignment settings, SourceWatermarks watermarks) {
    this.settings = settings;
    this.watermarks = watermarks;
  }

  /**
   * What the subtask has to tell its group: the smallest watermark of its active partitions; {@link
   * Long#MIN_VALUE} while one of them has none, {@link Long#MAX_VALUE} if none is active and so
   * nobody is held back by them.
   */
  public long slowest() {
    return watermarks.slowestActive();
  }

  /** Whether some partition would have to be held if the slowest of the group were here. */
  public boolean wouldHold(long slowestOfGroup) {
    return watermarks.furthestActive() > settings.limit(slowestOfGroup);
  }

  /**
   * Decides anew.
   *
   * @param slowestOfGroup the smallest of what all subtasks of the group have told, this one's
   *     included
   * @return whether other partitions are held than before
   */
  public boolean decide(long slowestOfGroup) {
    if (held.isEmpty() && !wouldHold(slowestOfGroup)) {
      return false;
    }
    Set<String> ahead = new LinkedHashSet<>();
    int active = watermarks.activeBeyond(settings.limit(slowestOfGroup), ahead);
    holdsAll = active > 0 && ahead.size() == active;
    boolean changed = !ahead.equals(held);
    held = changed ? Set.copyOf(ahead) : held;
    return changed;
  }

  /** The partitions that are not to be read. */
  public Set<String> held() {
    return held;
  }

  /** Whether there are active partitions, and all of them are held. */
  public boolean holdsAll() {
    return holdsAll;
  }

  /**
   * What the slowest of the group must reach before one of the held partitions goes on; {@link
   * Long#MAX_VALUE} when none is held.
   */
  public long awaited() {
    long first = Long.MAX_VALUE;
    for (String split : held) {
      first = Math.min(first, watermarks.watermark(split));
    }
    return held.isEmpty() ? Long.MAX_VALUE : settings.awaited(first);
  }

  /** So much time has passed since the last decision. */
  public void passed(long millis) {
    if (millis > 0 && !held.isEmpty()) {
      watermarks.paused(held, millis);
    }
  }
}
