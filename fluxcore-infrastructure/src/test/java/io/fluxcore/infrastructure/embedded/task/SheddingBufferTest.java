package io.fluxcore.infrastructure.embedded.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.shedding.LoadShedder;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.shedding.SheddingPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SheddingBufferTest {
  private static final Schema SCHEMA =
      Schema.builder().field("n", DataType.LONG).field("weight", DataType.LONG).build();

  private final Ledger ledger = new Ledger();
  private final List<Long> taken = new ArrayList<>();
  private final Map<String, Long> positions = new HashMap<>();
  private final List<Long> marks = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private SheddingBuffer buffer;

  private void buffer(LoadShedding shedding) {
    buffer = new SheddingBuffer(new LoadShedder(shedding, SCHEMA), ledger);
  }

  private void add(String split, long end, long... numbersAndWeights) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < numbersAndWeights.length; i += 2) {
      builder.row(0, numbersAndWeights[i], numbersAndWeights[i + 1]);
    }
    EventBatch batch = builder.build();
    ledger.in(batch.size(), 10);
    buffer.add(
        new Poll.Rows(split, batch, new SplitPosition(Long.toString(end))),
        new Ledger.Counts(batch.size(), 10, 1, 0, 0, 0, Ledger.Dropped.NONE, 0, 0, 0));
    passed();
  }

  private void passed() {
    for (HeldRows held = buffer.takePassed(); held != null; held = buffer.takePassed()) {
      position(held);
    }
  }

  private void position(HeldRows held) {
    long end = Long.parseLong(held.end().text());
    Long before = positions.put(held.split, end);
    assertThat(before == null || before <= end).as("positions do not go back").isTrue();
  }

  private boolean take() {
    SheddingBuffer.Entry entry = buffer.take();
    if (entry instanceof SheddingBuffer.Rows rows) {
      EventBatch batch = rows.held().batch();
      for (int i = 0; i < batch.size(); i++) {
        taken.add(((LongColumn) batch.column(0)).value(batch.row(i)));
      }
      position(rows.held());
    } else if (entry instanceof SheddingBuffer.Mark mark) {
      marks.add(mark.checkpointId());
    } else if (entry instanceof SheddingBuffer.End end) {
      ended.add(end.split());
    }
    return entry != null;
  }

  @Test
  void rowsThatFit_comeOutInTheirOrder_withTheirPositions() {
    buffer(LoadShedding.oldest().withMaxRows(4));
    add("a", 2, 1, 0, 2, 0);
    add("b", 7, 3, 0);
    assertThat(buffer.size()).isEqualTo(3);
    assertThat(buffer.untaken().rowsIn()).isEqualTo(3);
    assertThat(positions).isEmpty();
    while (take()) {}
    assertThat(taken).containsExactly(1L, 2L, 3L);
    assertThat(positions).isEqualTo(Map.of("a", 2L, "b", 7L));
    assertThat(buffer.untaken()).isEqualTo(Ledger.Counts.ZERO);
    assertThat(ledger.counts().dropped()).isZero();
  }

  @Test
  void rowsThatWereShed_arePassed_whenNothingOfTheirSplitIsHeldBefore() {
    buffer(LoadShedding.lowestPriority("weight").withMaxRows(2));
    add("a", 10, 1, 5);
    add("b", 20, 2, 9);
    add("a", 11, 3, 1); // of a row of a that is held
    add("c", 30, 4, 2); // of a split of which nothing is held
    assertThat(positions).isEqualTo(Map.of("c", 30L));
    assertThat(ledger.counts().droppedBy()).isEqualTo(new Ledger.Dropped(0, 2, 0));
    assertThat(buffer.untaken())
        .isEqualTo(new Ledger.Counts(3, 30, 3, 0, 0, 0, new Ledger.Dropped(0, 1, 0), 0, 0, 0));
    take();
    assertThat(positions).isEqualTo(Map.of("a", 11L, "c", 30L));
    assertThat(buffer.untaken().dropped()).isZero();
    take();
    assertThat(taken).containsExactly(1L, 2L);
  }

  @Test
  void signs_keepTheirPlace() {
    buffer(LoadShedding.oldest().withMaxRows(2));
    add("a", 1, 1, 0);
    buffer.addEnd("b");
    buffer.addMark(7);
    add("a", 2, 2, 0);
    assertThat(buffer.takeSign()).isNull();
    assertThat(buffer.ends()).isEqualTo(1);
    add("a", 4, 3, 0, 4, 0); // the two before go
    assertThat(positions).isEqualTo(Map.of("a", 2L));
    assertThat(buffer.takeSign()).isEqualTo(new SheddingBuffer.End("b"));
    assertThat(buffer.takeSign()).isEqualTo(new SheddingBuffer.Mark(7));
    assertThat(buffer.takeSign()).isNull();
    assertThat(buffer.ends()).isZero();
    assertThat(buffer.size()).isEqualTo(2);
  }

  /** Beside a list of all rows of which the least is taken out one by one. */
  @ParameterizedTest
  @EnumSource(SheddingPolicy.class)
  void randomReading_shedsWhatANaiveListDoes(SheddingPolicy policy) {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      int max = 1 + random.nextInt(20);
      LoadShedding shedding =
          new LoadShedding(
              policy, max, policy == SheddingPolicy.LOWEST_PRIORITY ? "weight" : null, seed);
      LoadShedder shedder = new LoadShedder(shedding, SCHEMA);
      SheddingBufferTest run = new SheddingBufferTest();
      run.buffer(shedding);
      record Naive(long number, long rank) {}
      List<Naive> held = new ArrayList<>();
      List<Long> out = new ArrayList<>();
      Map<String, Long> read = new HashMap<>();
      long number = 0;
      for (int step = 0; step < 80; step++) {
        if (random.nextInt(4) == 0) {
          int before = run.taken.size();
          run.take();
          for (int i = before; i < run.taken.size(); i++) {
            out.add(held.remove(0).number());
          }
          continue;
        }
        String split = "split " + random.nextInt(3);
        long[] row = new long[2 * random.nextInt(8)];
        for (int i = 0; i < row.length; i += 2) {
          row[i] = number + i / 2;
          row[i + 1] = random.nextInt(5);
          EventBatch one = new EventBatchBuilder(SCHEMA).row(0, row[i], row[i + 1]).build();
          held.add(new Naive(row[i], shedder.ranks(one, row[i])[0]));
        }
        number += row.length / 2;
        while (held.size() > max) {
          held.remove(held.stream().min(Comparator.comparingLong(Naive::rank)).orElseThrow());
        }
        read.merge(split, (long) row.length / 2, Long::sum);
        run.add(split, read.get(split), row);
        assertThat(run.buffer.size()).as("seed %d", seed).isEqualTo(held.size());
        Ledger.Counts counts = run.ledger.counts();
        assertThat(counts.accepted()).isEqualTo(held.size() + run.taken.size());
        Ledger.Counts settled = counts.minus(run.buffer.untaken());
        assertThat(settled.rowsIn())
            .as("rows up to the positions, seed %d", seed)
            .isEqualTo(run.positions.values().stream().mapToLong(Long::longValue).sum());
        assertThat(settled.accepted()).isEqualTo(run.taken.size());
      }
      while (run.take()) {}
      held.forEach(row -> out.add(row.number()));
      assertThat(run.taken).as("seed %d", seed).isEqualTo(out);
      assertThat(run.positions).isEqualTo(read);
    }
  }
}
