package io.fluxcore.domain.topology;

import io.fluxcore.domain.window.WindowSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which windows a row belongs to, as declared. A size that was not given is null. */
public sealed interface WindowShape {
  /** The word for it in job files and messages. */
  String kind();

  /**
   * The same in milliseconds.
   *
   * @throws IllegalArgumentException if a length is absent or out of its range
   */
  WindowSpec spec();

  /** A length that must be there. */
  private static long millis(String what, @Nullable Duration length) {
    if (length == null) {
      throw new IllegalArgumentException("the window has no " + what);
    }
    return length.toMillis();
  }

  /**
   * Windows side by side.
   *
   * @param size length
   * @param offset of the windows' starts from the multiples of the size since the epoch
   */
  record Tumbling(@Nullable Duration size, Duration offset) implements WindowShape {
    @Override
    public String kind() {
      return "tumbling";
    }

    @Override
    public WindowSpec spec() {
      return WindowSpec.tumbling(millis("size", size), offset.toMillis());
    }
  }

  /**
   * Windows of one length that start at regular steps. They overlap when the step is less than the
   * length, and leave gaps when it is more.
   *
   * @param size length
   * @param slide from one start to the next
   * @param offset of the windows' starts from the multiples of the slide since the epoch
   */
  record Sliding(@Nullable Duration size, @Nullable Duration slide, Duration offset)
      implements WindowShape {
    @Override
    public String kind() {
      return "sliding";
    }

    @Override
    public WindowSpec spec() {
      return WindowSpec.sliding(millis("size", size), millis("slide", slide), offset.toMillis());
    }
  }
}
