package io.fluxcore.infrastructure.embedded.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static Element.Rows rows(int count, long bytes) {
    return new Element.Rows(
        EventBatch.of(Schema.of(), new Column[0], new long[count], count), bytes, 0);
  }

  @Test
  void bytes_boundRows_butNotControlElements() {
    Channel channel = new Channel(100, new Signal(), new Signal());
    assertThat(channel.hasRoom()).isTrue();
    channel.offer(rows(3, 99));
    assertThat(channel.hasRoom()).isTrue();
    channel.offer(rows(4, 1_000));
    assertThat(channel.hasRoom()).isFalse();
    assertThat(channel.offer(new Element.Barrier(1))).isTrue();
    assertThat(channel.sentRows()).isEqualTo(7);
    assertThat(channel.bytesInFlight()).isEqualTo(1_099);
    channel.poll();
    channel.poll();
    assertThat(channel.hasRoom()).isTrue();
    assertThat(channel.takenRows()).isEqualTo(7);
    assertThat(channel.poll()).isEqualTo(new Element.Barrier(1));
    assertThat(channel.poll()).isNull();
    assertThat(channel.isEmpty()).isTrue();
  }

  @Test
  void slots_boundEverything() {
    Channel channel = new Channel(Long.MAX_VALUE, new Signal(), new Signal());
    int rows = 0;
    while (channel.hasRoom()) {
      channel.offer(rows(1, 1));
      rows++;
    }
    int controls = 0;
    while (channel.offer(Element.Idle.INSTANCE)) {
      controls++;
    }
    assertThat(rows).isEqualTo(256);
    assertThat(controls).isEqualTo(256);
  }

  @Test
  void twoThreads_handOverEverythingInOrder() throws Exception {
    Signal sender = new Signal();
    Signal receiver = new Signal();
    Channel channel = new Channel(64, sender, receiver);
    long count = 200_000;
    Thread thread =
        new Thread(
            () -> {
              for (long i = 0; i < count; i++) {
                while (!channel.offer(new Element.Watermark(i, 0))) {
                  sender.await(channel::hasSlot, 1_000_000_000);
                }
              }
            });
    thread.start();
    for (long i = 0; i < count; i++) {
      Element element = channel.poll();
      while (element == null) {
        receiver.await(() -> !channel.isEmpty(), 1_000_000_000);
        element = channel.poll();
      }
      assertThat(((Element.Watermark) element).timestamp()).isEqualTo(i);
    }
    thread.join();
  }
}
