package io.fluxcore.domain.process;

import io.fluxcore.domain.harness.Mode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs of states and timers; the cases take turns with the modes. */
class KeyedProcessModelTest {
  private static final int TURNS = 4;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void randomPrograms_areWhatTheyMean(int seed) {
    List<Mode> all = Mode.standard(6, seed);
    List<Mode> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (i % TURNS == seed % TURNS) {
        some.add(all.get(i));
      }
    }
    ProcessModel.check(seed, some);
  }
}
