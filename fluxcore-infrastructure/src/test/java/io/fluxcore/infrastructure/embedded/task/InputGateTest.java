package io.fluxcore.infrastructure.embedded.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.channel.Element;
import io.fluxcore.infrastructure.embedded.channel.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputGateTest {
  private final Channel a = channel();
  private final Channel b = channel();
  private final InputGate gate =
      new InputGate(
          List.of(new InputGate.Input(a, 0, 0, false), new InputGate.Input(b, 0, 1, false)));

  private static Channel channel() {
    return new Channel(1_000, new Signal(), new Signal());
  }

  private static Element mark(long timestamp) {
    return new Element.Watermark(timestamp, 0);
  }

  private static Element barrier(long id) {
    return new Element.Barrier(id);
  }

  @Test
  void channels_areReadInTurn() {
    for (long i = 0; i < 3; i++) {
      a.offer(mark(i));
      b.offer(mark(10 + i));
    }
    assertThat(List.of(gate.poll(), gate.poll(), gate.poll(), gate.poll()))
        .containsExactly(mark(0), mark(10), mark(1), mark(11));
    assertThat(gate.currentInput().input()).isEqualTo(1);
  }

  @Test
  void barrier_blocksItsChannel_untilAllDeliveredIt() {
    a.offer(barrier(1));
    a.offer(mark(5));
    b.offer(mark(6));
    assertThat(gate.poll()).isEqualTo(mark(6));
    assertThat(gate.hasElement()).isFalse();
    assertThat(gate.poll()).isNull();
    b.offer(barrier(1));
    b.offer(mark(7));
    assertThat(gate.poll()).isEqualTo(barrier(1));
    assertThat(List.of(gate.poll(), gate.poll())).containsExactlyInAnyOrder(mark(5), mark(7));
  }

  @Test
  void channelThatEnds_countsAsDelivered() {
    a.offer(barrier(1));
    b.offer(mark(6));
    b.offer(Element.EndOfInput.INSTANCE);
    assertThat(gate.poll()).isEqualTo(mark(6));
    assertThat(gate.poll()).isEqualTo(Element.EndOfInput.INSTANCE);
    assertThat(gate.current()).isEqualTo(1);
    assertThat(gate.isFinished()).isFalse();
    assertThat(gate.hasElement()).isTrue();
    assertThat(gate.poll()).isEqualTo(barrier(1));
    a.offer(barrier(2));
    assertThat(gate.poll()).isEqualTo(barrier(2));
    a.offer(Element.EndOfInput.INSTANCE);
    assertThat(gate.poll()).isEqualTo(Element.EndOfInput.INSTANCE);
    assertThat(gate.isFinished()).isTrue();
  }

  @Test
  void abort_releasesTheChannel_andLateBarriersAreIgnored() {
    a.offer(barrier(1));
    a.offer(mark(5));
    assertThat(gate.poll()).isNull();
    gate.abort(1);
    assertThat(gate.hasElement()).isTrue();
    assertThat(gate.poll()).isEqualTo(mark(5));
    b.offer(barrier(1));
    b.offer(mark(6));
    assertThat(gate.poll()).isEqualTo(mark(6));
    a.offer(barrier(2));
    b.offer(barrier(2));
    assertThat(gate.poll()).isEqualTo(barrier(2));
  }

  @Test
  void newerBarrier_endsAnOlderAlignment() {
    a.offer(barrier(1));
    b.offer(barrier(2));
    assertThat(gate.poll()).isNull();
    a.offer(mark(3));
    a.offer(barrier(2));
    assertThat(gate.poll()).isEqualTo(mark(3));
    assertThat(gate.poll()).isEqualTo(barrier(2));
  }
}
