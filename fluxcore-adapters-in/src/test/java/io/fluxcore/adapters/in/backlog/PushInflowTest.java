package io.fluxcore.adapters.in.backlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PushInflowTest {
  private static final int KILOBYTE = 1024;

  @TempDir private Path directory;
  private final Semaphore arrived = new Semaphore(0);

  private BufferSettings inSpool(long bytes) {
    return new BufferSettings(directory.resolve("spool"), bytes, bytes / 4, 1 << 20, 1_000);
  }

  private static BufferSettings inMemory(long events) {
    return new BufferSettings(null, 1 << 20, 1 << 18, 64 << 20, events);
  }

  private PushInflow open(BufferSettings settings, @Nullable SplitPosition position) {
    return settings.open("test", settings.memory("test"), position, arrived::release);
  }

  private static Message message(String text) {
    return new Message(text.getBytes(StandardCharsets.UTF_8), 1, MessageProperties.NONE);
  }

  private static Message large(int number, int bytes) {
    byte[] large = Arrays.copyOf(Integer.toString(number).getBytes(StandardCharsets.UTF_8), bytes);
    return new Message(large, 1, MessageProperties.NONE);
  }

  private static List<String> read(PushInflow inflow) {
    List<String> found = new ArrayList<>();
    inflow
        .backlog()
        .read(
            (micros, properties, bytes, from, to) -> {
              found.add(new String(bytes, from, to - from, StandardCharsets.UTF_8).strip());
              return true;
            });
    return found;
  }

  private List<String> read(PushInflow inflow, int events) throws InterruptedException {
    List<String> found = new ArrayList<>(read(inflow));
    while (found.size() < events) {
      arrived.acquire();
      found.addAll(read(inflow));
    }
    return found;
  }

  @Test
  void whatIsPut_isReadInItsOrder_andAgainFromAPosition() throws Exception {
    SplitPosition position;
    try (PushInflow inflow = open(inSpool(1 << 20), null)) {
      for (String text : List.of("a", "", "ü😀", "b")) {
        assertThat(inflow.put(message(text))).isTrue();
      }
      assertThat(read(inflow, 4)).containsExactly("a", "", "ü😀", "b");
      position = inflow.position();
      inflow.put(message("c"));
    }
    try (PushInflow inflow = open(inSpool(1 << 20), position)) {
      assertThat(read(inflow, 1)).containsExactly("c");
    }
    try (PushInflow inflow = open(inSpool(1 << 20), null)) {
      assertThat(read(inflow, 5)).hasSize(5);
    }
  }

  @Test
  void whatWasPut_isStoredWhenItIsClosed_alsoInMemory() throws Exception {
    BufferSettings settings = inMemory(100_000);
    MemoryBacklog memory = settings.memory("test");
    PushInflow first = settings.open("test", memory, null, arrived::release);
    for (int i = 0; i < 5_000; i++) {
      first.put(message("m" + i));
    }
    first.close();
    first.close();
    assertThat(first.put(message("late"))).isFalse();
    assertThat(first.offer(message("late"))).isFalse();
    try (PushInflow second = settings.open("test", memory, first.position(), arrived::release)) {
      assertThat(read(second)).hasSize(5_000).startsWith("m0").endsWith("m4999");
    }
  }

  @Test
  void withoutRoom_whoPutsWaits_andOffersAreRefused_untilSomethingIsReleased() throws Exception {
    try (PushInflow inflow = open(inSpool(256 * KILOBYTE), null)) {
      AtomicInteger put = new AtomicInteger();
      int all = 12 * 1024 / 32;
      CompletableFuture<Void> putting =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < all; i++) {
                  putUnchecked(inflow, large(i, 32 * KILOBYTE));
                  put.incrementAndGet();
                }
              });
      while (inflow.offer(large(0, 32 * KILOBYTE))) {
        Thread.onSpinWait();
      }
      assertThat(put.get()).isLessThan(all);
      int found = 0;
      while (!putting.isDone() || found < all) {
        found += read(inflow).size();
        inflow.backlog().release(inflow.backlog().offset());
      }
      assertThat(put.get()).isEqualTo(all);
    }
  }

  private static void putUnchecked(PushInflow inflow, Message message) {
    try {
      inflow.put(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void refusal_endsTheWaitOfWhoPuts() throws Exception {
    PushInflow inflow = open(inMemory(1), null);
    CompletableFuture<Boolean> last =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                while (inflow.put(message("x"))) {
                  Thread.onSpinWait();
                }
                return false;
              } catch (InterruptedException e) {
                return true;
              }
            });
    arrived.acquire();
    inflow.refuse();
    assertThat(last.get()).isFalse();
    inflow.close();
  }

  @Test
  void anEventLargerThanAllThatMayBeOnItsWay_isTaken() throws Exception {
    try (PushInflow inflow = open(inSpool(64 << 20), null)) {
      inflow.put(large(1, 9 << 20));
      inflow.put(large(2, 9 << 20));
      assertThat(read(inflow, 2)).hasSize(2);
    }
  }

  @Test
  void whatNeverGoesWell_isToldByChecks() throws Exception {
    try (PushInflow inflow = open(inSpool(1 << 20), null)) {
      inflow.check();
      inflow.fail(new IllegalStateException("broken"));
      arrived.acquire();
      assertThatThrownBy(inflow::check)
          .isInstanceOfSatisfying(
              FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.BUG));
    }
  }

  @Test
  void positionOfAnotherSource_isRefused() {
    assertThatThrownBy(() -> open(inSpool(1 << 20), new SplitPosition("read a")))
        .hasMessageContaining("FLX-BACKLOG-0005");
  }
}
