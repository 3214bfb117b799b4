package io.fluxcore.infrastructure.embedded.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.channel.Element;
import io.fluxcore.infrastructure.embedded.channel.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
  private static final Schema SCHEMA =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();
  private static final int MAX_PARALLELISM = 128;
  private static final int BATCH_ROWS = 64;

  private final List<Channel> channels = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();

  private void receivers(int count, boolean keyed) {
    for (int i = 0; i < count; i++) {
      Channel channel = new Channel(Long.MAX_VALUE, new Signal(), new Signal());
      channels.add(channel);
      KeyGroupRange range = KeyGroups.range(i, MAX_PARALLELISM, count);
      Lane.Blocker never =
          (full, forRows) -> {
            throw new IllegalStateException("full");
          };
      lanes.add(
          keyed
              ? new Lane(channel, never, BATCH_ROWS, range.first(), range.last())
              : new Lane(channel, never, BATCH_ROWS, -1, -1));
    }
  }

  private static EventBatch batch(Random random, int size, long firstId) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA, Math.max(1, size));
    for (int i = 0; i < size; i++) {
      builder.row(firstId + i, firstId + i, "key" + random.nextInt(50));
    }
    EventBatch all = builder.build();
    if (random.nextBoolean()) {
      return all;
    }
    int[] rows = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (random.nextInt(3) > 0) {
        rows[count++] = i;
      }
    }
    return all.withSelection(rows, count);
  }

  private List<EventBatch> received(int receiver) {
    lanes.get(receiver).flush();
    List<EventBatch> batches = new ArrayList<>();
    Channel channel = channels.get(receiver);
    for (Element e = channel.poll(); e != null; e = channel.poll()) {
      batches.add(((Element.Rows) e).batch());
    }
    return batches;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 128})
  void byKey_everyRowReachesTheOwnerOfItsKey_inOrder(int parallelism) {
    receivers(parallelism, true);
    KeyExchange exchange = new KeyExchange(new int[] {1}, MAX_PARALLELISM, lanes);
    Random random = new Random(7);
    long sent = 0;
    for (int i = 0; i < 60; i++) {
      EventBatch batch = batch(random, random.nextInt(300), i * 1_000L);
      sent += batch.size();
      exchange.send(batch, i, i);
    }
    long receivedRows = 0;
    for (int r = 0; r < parallelism; r++) {
      KeyGroupRange range = KeyGroups.range(r, MAX_PARALLELISM, parallelism);
      Map<String, Long> last = new HashMap<>();
      for (EventBatch batch : received(r)) {
        assertThat(batch.minKeyGroup()).isGreaterThanOrEqualTo(range.first());
        assertThat(batch.maxKeyGroup()).isLessThanOrEqualTo(range.last());
        receivedRows += batch.size();
        for (int i = 0; i < batch.size(); i++) {
          int row = batch.row(i);
          long[] hash = new long[1];
          KeyHash.ofRows(new Column[] {batch.column(1)}, new int[] {row}, 1, hash);
          assertThat(range.contains(KeyGroups.ofHash(hash[0], MAX_PARALLELISM))).isTrue();
          long id = ((LongColumn) batch.column(0)).value(row);
          assertThat(batch.timestamps()[row]).isEqualTo(id);
          Long before = last.put((String) batch.column(1).get(row), id);
          assertThat(before == null || before < id).isTrue();
        }
      }
    }
    assertThat(receivedRows).isEqualTo(sent);
  }

  @Test
  void smallBatches_areSentTogether_bigOnesAsTheyAre() {
    receivers(1, false);
    ForwardExchange exchange = new ForwardExchange(lanes.get(0));
    Random random = new Random(1);
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < BATCH_ROWS; i++) {
      exchange.send(builder.row(i, (long) i, "a").build(), 0, 0);
    }
    assertThat(lanes.get(0).isWaiting()).isFalse();
    assertThat(received(0)).extracting(EventBatch::size).containsExactly(BATCH_ROWS);
    exchange.send(builder.row(0, 0L, "a").build(), 0, 0);
    EventBatch big = batch(random, 1_000, 0).compact();
    exchange.send(big, 0, 0);
    assertThat(received(0)).extracting(EventBatch::size).containsExactly(1, big.size());
  }

  @Test
  void controlElement_comesAfterTheRowsThatWait() {
    receivers(1, false);
    new ForwardExchange(lanes.get(0))
        .send(new EventBatchBuilder(SCHEMA).row(0, 0L, "a").build(), 0, 0);
    assertThat(channels.get(0).isEmpty()).isTrue();
    lanes.get(0).control(new Element.Barrier(1));
    assertThat(channels.get(0).poll()).isInstanceOf(Element.Rows.class);
    assertThat(channels.get(0).poll()).isEqualTo(new Element.Barrier(1));
  }

  @Test
  void rows_areDueAfterTheLinger_orWhenTheReceiverHasNothingToDo() {
    receivers(1, false);
    Lane lane = lanes.get(0);
    lane.control(Element.Idle.INSTANCE);
    new ForwardExchange(lane).send(new EventBatchBuilder(SCHEMA).row(0, 0L, "a").build(), 0, 100);
    assertThat(lane.isDue(104, 5)).isFalse();
    assertThat(lane.isDue(105, 5)).isTrue();
    channels.get(0).poll();
    assertThat(lane.isDue(104, 5)).isTrue();
    assertThat(lane.isOverdue(104, 5)).isFalse();
  }

  @Test
  void rebalance_takesReceiversInTurn() {
    receivers(3, false);
    RebalanceExchange exchange = new RebalanceExchange(lanes, 1);
    Random random = new Random(3);
    for (int i = 0; i < 30; i++) {
      exchange.send(batch(random, 200, 0).compact(), 0, 0);
    }
    for (int r = 0; r < 3; r++) {
      assertThat(received(r)).hasSize(10);
    }
  }
}
