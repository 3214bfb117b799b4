package io.fluxcore.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final List<Long> A = List.of(1L);
  private static final List<Long> B = List.of(2L);
  private static final List<Long> C = List.of(3L);

  @Test
  void sameRows_inAnyOrder_areRight() {
    assertThat(Comparison.of(List.of(A, B, B), List.of(B, A, B)).isWhole()).isTrue();
  }

  @Test
  void whatIsMissing_isLost_andRightForAJobThatIsNotOver() {
    Comparison found = Comparison.of(List.of(A, B, B), List.of(B));
    assertThat(found.lost()).containsExactlyInAnyOrder(A, B);
    assertThat(found.isPrefix()).isTrue();
    assertThat(found.isWhole()).isFalse();
  }

  @Test
  void whatIsThereMoreOftenThanItShould_isDuplicate() {
    Comparison found = Comparison.of(List.of(A, B), List.of(A, B, A));
    assertThat(found.duplicate()).containsExactly(A);
    assertThat(found.isPrefix()).isFalse();
  }

  @Test
  void whatShouldNotBeThere_isWrong() {
    Comparison found = Comparison.of(List.of(A), List.of(A, C));
    assertThat(found.wrong()).containsExactly(C);
    assertThat(found.isPrefix()).isFalse();
  }

  @Test
  void json_isReadByMembers_andNothingElseIsTaken() {
    assertThat(Json.members("{\"key\":-5, \"at\" : \"2023-11-14T22:13:20Z\",\"none\":null}"))
        .isEqualTo(Map.of("key", "-5", "at", "2023-11-14T22:13:20Z"));
    assertThat(Json.members("{}")).isEmpty();
    for (String torn : List.of("", "{", "{\"key\":5", "{\"key\":5 \"at\":6}", "{\"key\":5}{")) {
      assertThatThrownBy(() -> Json.members(torn)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
