package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Files are sought by position. What lies where in event time is not known before they are read, so
 * a time is found by reading from the start.
 */
final class FileSeeking implements SplitSeeking {
  static final FileSeeking OF_LINES =
      new FileSeeking(p -> FilePosition.parse(p).toSplitPosition(), "byte 4711, line 42");
  static final FileSeeking OF_BLOCKS =
      new FileSeeking(FileSeeking::ofBlock, "block 4711, record 42");

  private final UnaryOperator<SplitPosition> parser;
  private final String example;

  /**
   * Seeks by positions.
   *
   * @param parser throws {@link IllegalArgumentException} for what is none
   */
  private FileSeeking(UnaryOperator<SplitPosition> parser, String example) {
    this.parser = parser;
    this.example = example;
  }

  private static SplitPosition ofBlock(SplitPosition position) {
    BlockPosition parsed = BlockPosition.parse(position);
    return parsed == null ? position : parsed.toSplitPosition();
  }

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
      return parser.apply(new SplitPosition(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a position in a file is such as '"
              + example
              + "': where a record begins, as savepoints and dead letters tell it",
          e);
    }
  }
}
