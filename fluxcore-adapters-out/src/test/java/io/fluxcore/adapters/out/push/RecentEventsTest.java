package io.fluxcore.adapters.out.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RecentEventsTest {
  @Test
  void buffer_isBoundedByEventsAndBytes() throws InterruptedException {
    RecentEvents bounded = new RecentEvents(3, 1_000);
    for (int i = 1; i <= 10; i++) {
      bounded.add(List.of(new byte[10]));
    }
    RecentEvents.Portion portion = bounded.after(0, 1 << 20, 0);
    assertThat(portion.missed()).isEqualTo(7);
    assertThat(portion.first()).isEqualTo(8);
    assertThat(portion.events()).hasSize(3);
    assertThat(portion.last()).isEqualTo(bounded.last()).isEqualTo(10);
    assertThat(bounded.after(8, 1, 0).events()).hasSize(1);
    bounded.add(List.of(new byte[5_000]));
    assertThat(bounded.after(0, 1 << 20, 0).first()).as("the newest is kept").isEqualTo(11);
    assertThat(bounded.after(11, 1 << 20, 1).events()).isEmpty();
  }

  @Test
  void waiting_isEndedByAnEvent_andByAWake() throws Exception {
    RecentEvents recent = new RecentEvents(3, 1_000);
    assertThat(awaited(recent, () -> recent.add(List.of(new byte[1]))).events()).isNotEmpty();
    assertThat(awaited(recent, recent::wake).events()).isEmpty();
  }

  /** What somebody gets who waits for the next event, while something happens again and again. */
  private static RecentEvents.Portion awaited(RecentEvents recent, Runnable happening)
      throws Exception {
    long last = recent.last();
    CompletableFuture<RecentEvents.Portion> waiting =
        CompletableFuture.supplyAsync(() -> after(recent, last));
    while (!waiting.isDone()) {
      happening.run();
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return waiting.get();
  }

  private static RecentEvents.Portion after(RecentEvents recent, long event) {
    try {
      return recent.after(event, 1 << 20, TimeUnit.DAYS.toNanos(1));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
