package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files are sought by position. What lies where in event time is not known before they are read, so
 * a time is found by reading from the start.
 */
final class FileSeeking implements SplitSeeking {
  static final FileSeeking INSTANCE = new FileSeeking();

  private FileSeeking() {}

  @Override
  public Set<SeekBy> by() {
    return EnumSet.of(SeekBy.POSITION);
  }

  @Override
  public @Nullable SplitPosition earliest(Source.Split split) {
    return null;
  }

  @Override
  public SplitPosition position(Source.Split split, String text) {
    try {
      return FilePosition.parse(new SplitPosition(text)).toSplitPosition();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a position in a file is such as 'byte 4711, line 42': where a record begins, as savepoints"
              + " and dead letters tell it",
          e);
    }
  }
}
