package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeriodicWindowsTest {
  /** Starts of the windows that hold a time, by looking at each. */
  private static List<Long> windows(PeriodicWindows spec, long time) {
    List<Long> starts = new ArrayList<>();
    for (long start = time - spec.sizeMillis() + 1; start <= time; start++) {
      if (Math.floorMod(start - spec.offsetMillis(), spec.slideMillis()) == 0) {
        starts.add(start);
      }
    }
    return starts;
  }

  @Test
  void slices_areTheTimesThatShareTheirWindows() {
    Random random = new Random(17);
    for (int i = 0; i < 300; i++) {
      PeriodicWindows spec =
          new PeriodicWindows(
              1 + random.nextInt(30), 1 + random.nextInt(30), random.nextInt(200) - 100);
      for (long time = -70; time < 70; time++) {
        assertSlice(spec, time);
      }
    }
  }

  private static void assertSlice(PeriodicWindows spec, long time) {
    List<Long> windows = windows(spec, time);
    long start = spec.sliceStart(time);
    long end = spec.sliceEnd(start);
    assertThat(time).as("%s at %d", spec, time).isBetween(start, end - 1);
    assertThat(spec.sliceStart(start)).isEqualTo(start);
    assertThat(spec.sliceStart(end - 1)).isEqualTo(start);
    assertThat(spec.sliceStart(end)).isEqualTo(end);
    assertThat(windows(spec, start)).isEqualTo(windows);
    assertThat(windows(spec, end - 1)).isEqualTo(windows);
    assertThat(spec.isGap(start)).isEqualTo(windows.isEmpty());
    if (!windows.isEmpty()) {
      assertThat(spec.start(spec.firstEnd(start)))
          .as("%s at %d", spec, time)
          .isEqualTo(windows.get(0));
      assertThat(spec.start(spec.lastEnd(start))).isEqualTo(windows.get(windows.size() - 1));
      int slices = 0;
      for (long s = windows.get(0); s < spec.firstEnd(start); s = spec.sliceEnd(s)) {
        slices++;
      }
      assertThat(spec.slicesPerWindow()).as("%s", spec).isEqualTo(slices);
    }
  }

  @Test
  void largestTimes_doNotOverflow() {
    long max = WindowSpec.MAX_TIME;
    for (PeriodicWindows spec :
        List.of(
            WindowSpec.tumbling(max, max),
            WindowSpec.tumbling(max, -max),
            WindowSpec.sliding(max, 1, 0),
            WindowSpec.sliding(1, max, -max),
            WindowSpec.tumbling(1, 0))) {
      for (long time : new long[] {-max, -1, 0, 1, max}) {
        long slice = spec.sliceStart(time);
        assertThat(slice).isLessThanOrEqualTo(time);
        assertThat(spec.sliceEnd(slice)).isGreaterThan(time);
        long end = Math.addExact(spec.sliceEnd(slice) + spec.sizeMillis(), max);
        assertThat(Math.multiplyExact(end, 1000)).isGreaterThan(Long.MIN_VALUE);
        assertThat(Math.multiplyExact(slice - spec.slideMillis(), 1000))
            .isGreaterThan(Long.MIN_VALUE);
      }
    }
  }

  @Test
  void impossibleWindows_areRefused() {
    for (long[] wrong :
        new long[][] {
          {0, 1, 0},
          {1, 0, 0},
          {-1, 1, 0},
          {WindowSpec.MAX_TIME + 1, 1, 0},
          {1, WindowSpec.MAX_TIME + 1, 0},
          {1, 1, WindowSpec.MAX_TIME + 1},
          {1, 1, Long.MIN_VALUE}
        }) {
      assertThatThrownBy(() -> new PeriodicWindows(wrong[0], wrong[1], wrong[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
