package io.fluxcore.adapters.in.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages are known by their ids over lost connections, restarts and both together. */
final class UnacknowledgedTest {
  private static final int DOUBTFUL_FOR = 4;

  /** What the broker was told, and is to say that it knows. */
  private record Told(List<String> acknowledgements, Consumer<Predicate<String>> confirmed) {}

  private final List<Told> told = new ArrayList<>();

  private Unacknowledged<String> messages(String... read) {
    return new Unacknowledged<>(
        List.of(read),
        DOUBTFUL_FOR,
        (acknowledgements, confirmed) -> told.add(new Told(acknowledgements, confirmed)));
  }

  private static Message message(@Nullable String id) {
    return new Message(new byte[0], 0, new MessageProperties(id, null, Map.of()));
  }

  private static List<String> read(Unacknowledged<String> messages) {
    List<String> ids = new ArrayList<>();
    messages.read(
        (micros, properties, bytes, from, to) -> {
          ids.add(String.valueOf(properties.id()));
          return true;
        });
    return ids;
  }

  private void confirmLast(String... known) {
    told.get(told.size() - 1).confirmed().accept(List.of(known)::contains);
  }

  @Test
  void idsStayInThePosition_untilTheBrokerHasConfirmed() {
    Unacknowledged<String> messages = messages();
    for (String id : List.of("a", "b", "c 1")) {
      assertThat(messages.offer(message(id), id)).isTrue();
    }
    assertThat(messages.position().text()).isEqualTo("read");
    assertThat(read(messages)).containsExactly("a", "b", "c 1");
    assertThat(messages.position().text()).isEqualTo("read a b c+1");
    messages.release(2);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).acknowledgements()).containsExactly("a", "b");
    assertThat(messages.position().text()).as("not confirmed yet").isEqualTo("read a b c+1");
    confirmLast("a", "b");
    assertThat(messages.position().text()).isEqualTo("read c+1");
    assertThat(BacklogPosition.read(messages.position(), "x")).containsExactly("c 1");
    assertThat(messages.readOnes()).isEqualTo(1);
  }

  @Test
  void lostConnection_givesAgain_whatIsReadIsKnown_andAcknowledgedAsItCameLast() {
    Unacknowledged<String> messages = messages();
    for (String id : List.of("a", "b", "c")) {
      messages.offer(message(id), id + 1);
    }
    messages.read((micros, properties, bytes, from, to) -> false); // a alone
    messages.forget();
    for (String id : List.of("a", "b", "c")) {
      assertThat(messages.offer(message(id), id + 2)).isEqualTo(!id.equals("a"));
    }
    assertThat(read(messages)).containsExactly("b", "c");
    assertThat(messages.takeDuplicates()).isEqualTo(1);
    assertThat(messages.takeDuplicates()).isZero();
    messages.release(3);
    assertThat(told.get(0).acknowledgements()).containsExactly("a1", "a2", "b2", "c2");
    confirmLast("a2", "b2", "c2");
    assertThat(messages.position().text()).isEqualTo("read");
  }

  /** Only what was acknowledged on the connection that confirms is known to the broker. */
  @Test
  void acknowledgementOfALostConnection_isNotConfirmedByTheNext() {
    Unacknowledged<String> messages = messages();
    messages.offer(message("a"), "a1");
    read(messages);
    messages.forget();
    messages.offer(message("b"), "b2");
    read(messages);
    messages.release(2);
    confirmLast("b2");
    assertThat(messages.position().text()).isEqualTo("read a");
    assertThat(messages.offer(message("a"), "a2")).isFalse();
    assertThat(told.get(1).acknowledgements()).containsExactly("a2");
    confirmLast("a2");
    assertThat(messages.position().text()).isEqualTo("read");
  }

  @Test
  void whatACheckpointHolds_isLeftOut_andForgottenWhenItCannotComeAgain() {
    Unacknowledged<String> messages = messages("x", "y");
    assertThat(messages.offer(message("x"), "x1")).isFalse();
    confirmLast("x1");
    assertThat(messages.position().text()).isEqualTo("read y");
    for (int i = 0; i < DOUBTFUL_FOR; i++) {
      messages.offer(message("m" + i), "m" + i);
    }
    read(messages);
    messages.release(DOUBTFUL_FOR);
    confirmLast("m0", "m1", "m2", "m3");
    assertThat(messages.position().text()).isEqualTo("read");
  }

  @Test
  void acknowledgementsThatWereNeverConfirmed_areForgottenAtLast() {
    Unacknowledged<String> messages = messages();
    messages.offer(message("lost"), "lost1");
    read(messages);
    messages.release(1);
    messages.forget(); // the broker may have heard of it, and then does not give it again
    for (int i = 0; i < 2 * DOUBTFUL_FOR; i++) {
      messages.offer(message("m" + i), "m" + i);
      read(messages);
      messages.release(i + 2);
      confirmLast("m" + i);
    }
    assertThat(messages.position().text()).isEqualTo("read");
  }

  @Test
  void messagesWithoutId_areReadAgain() {
    Unacknowledged<String> messages = messages();
    messages.offer(message(null), "1");
    assertThat(read(messages)).hasSize(1);
    messages.forget();
    assertThat(messages.offer(message(null), "2")).isTrue();
    assertThat(read(messages)).hasSize(1);
  }
}
