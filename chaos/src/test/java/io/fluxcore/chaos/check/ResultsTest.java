package io.fluxcore.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final List<Reading> READINGS =
      List.of(
          new Reading(1, 12_000, 5),
          new Reading(1, 11_000, 7),
          new Reading(1, 15_000, 21),
          new Reading(2, 19_999, 3),
          new Reading(1, 20_000, 1),
          new Reading(1, 23_001, 2));

  private static List<List<Long>> of(Output output) {
    return new Results(READINGS).of(output);
  }

  @Test
  void tumblingWindows_begin_atTheirStart_andEndBeforeTheirEnd() {
    assertThat(of(Output.TUMBLING))
        .containsExactlyInAnyOrder(
            List.of(10_000L, 20_000L, 1L, 3L, 33L, 21L),
            List.of(10_000L, 20_000L, 2L, 1L, 3L, 3L),
            List.of(20_000L, 30_000L, 1L, 2L, 3L, 2L));
  }

  @Test
  void slidingWindows_holdARowAsOftenAsTheyOverlap() {
    assertThat(of(Output.SLIDING).stream().mapToLong(row -> row.get(3)).sum())
        .isEqualTo(READINGS.size() * 4L);
    assertThat(of(Output.SLIDING)).contains(List.of(5_000L, 25_000L, 1L, 5L, 36L, 21L));
  }

  @Test
  void sessions_endAGapAfterTheirLastRow_andHoldOneThatIsExactlySoFarAway() {
    assertThat(of(Output.SESSIONS))
        .containsExactlyInAnyOrder(
            List.of(11_000L, 18_000L, 1L, 3L, 33L, 21L),
            List.of(20_000L, 23_000L, 1L, 1L, 1L, 1L),
            List.of(23_001L, 26_001L, 1L, 1L, 2L, 2L),
            List.of(19_999L, 22_999L, 2L, 1L, 3L, 3L));
  }

  @Test
  void progress_isToldEveryFifthRow_withHowOftenItsAmountWasThere() {
    assertThat(of(Output.PROGRESS)).containsExactly(List.of(1L, 5L, 36L, 1L));
  }

  @Test
  void silence_isToldOnceItHasLasted_andAtTheEnd() {
    assertThat(of(Output.SILENT))
        .containsExactlyInAnyOrder(
            List.of(1L, 15_000L, 3L), List.of(1L, 23_001L, 5L), List.of(2L, 19_999L, 1L));
  }
}
