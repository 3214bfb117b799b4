package io.fluxcore.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options parse(String line) {
    return Options.parse(line.isEmpty() ? new String[0] : line.split(" "), 7);
  }

  @Test
  void nothing_isAHundredRandomKills() {
    assertThat(parse(""))
        .isEqualTo(new Options(100, 7, "heap", "file", 2, List.of(Scenario.RANDOM)));
  }

  @Test
  void everything_isTaken() {
    assertThat(
            parse(
                "--kills 5 --seed 9 --backend rocksdb --sink postgres --parallelism 3 pause full-disk"))
        .isEqualTo(
            new Options(
                5, 9, "rocksdb", "postgres", 3, List.of(Scenario.PAUSE, Scenario.FULL_DISK)));
    assertThat(parse("all").scenarios()).containsExactly(Scenario.values());
  }

  @Test
  void whatCannotBe_isRefused() {
    for (String line :
        List.of(
            "--kills 0",
            "--kills",
            "--backend disk",
            "--sink kitchen",
            "--parallelism 0",
            "earthquake")) {
      assertThatThrownBy(() -> parse(line)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
