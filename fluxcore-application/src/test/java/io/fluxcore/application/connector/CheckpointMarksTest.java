package io.fluxcore.application.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CheckpointMarksTest {
  private final CheckpointMarks<String> marks = new CheckpointMarks<>();

  @Test
  void completedCheckpoint_standsForThoseBeforeIt_once() {
    marks.started(1, "a");
    marks.started(2, "b");
    marks.started(4, "d");
    assertThat(marks.completed(3)).isEqualTo("b");
    assertThat(marks.completed(3)).isNull();
    assertThat(marks.completed(1)).isNull();
    assertThat(marks.completed(4)).isEqualTo("d");
  }

  @Test
  void checkpointThatNobodyStarted_hasNoMark() {
    assertThat(marks.completed(7)).isNull();
  }
}
