package io.fluxcore.domain.join;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Pipeline;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StageNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Two inputs of orders and payments, seeded scripts of them, and joins of their fields. */
final class JoinCases {
  static final Schema ORDERS =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("user", DataType.STRING)
          .field("amount", DataType.LONG)
          .field("note", DataType.STRING)
          .build();

  static final Schema PAYMENTS =
      Schema.builder()
          .field("ratio", DataType.DOUBLE)
          .field("payer", DataType.STRING)
          .field("order", DataType.LONG)
          .field("paid", DataType.LONG)
          .field("price", DataType.decimal(12, 2))
          .build();

  private JoinCases() {}

  /** By one field of numbers, or by a string and a number. */
  static EquiJoin join(JoinType type, boolean composite, boolean conditional) {
    List<JoinFields.Joined> fields = new ArrayList<>();
    fields.add(new JoinFields.Joined(0, 3, "note"));
    fields.add(new JoinFields.Joined(0, 0, "id"));
    if (type.givesPairs()) {
      fields.add(new JoinFields.Joined(1, 4, "price"));
      fields.add(new JoinFields.Joined(1, 1, "payer"));
    }
    int emitted = fields.size();
    if (conditional) {
      fields.add(new JoinFields.Joined(1, 3, "paid"));
      fields.add(new JoinFields.Joined(0, 2, "amount"));
    }
    return new EquiJoin(
        type,
        new JoinFields(ORDERS, PAYMENTS, fields, emitted),
        composite ? List.of("user", "id") : List.of("id"),
        composite ? List.of("payer", "order") : List.of("order"));
  }

  /** Paid is at least the amount; neither is null. */
  static @Nullable CompiledPredicate condition(boolean conditional) {
    return conditional ? JoinCases::isPaid : null;
  }

  private static int isPaid(EventBatch batch, int[] rows, RowErrors errors) {
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      Object paid = batch.column("paid").get(batch.row(i));
      Object amount = batch.column("amount").get(batch.row(i));
      if (paid != null && amount != null && (Long) paid >= (Long) amount) {
        rows[count++] = batch.row(i);
      }
    }
    return count;
  }

  static Exchange exchange(EquiJoin join, int input) {
    return Exchange.hash(join.keyOrdinals(input));
  }

  /** The operator behind an exchange of each input; outputs are results, late left, late right. */
  static Pipeline pipeline(EquiJoin join, Supplier<Operator> operator) {
    return Pipeline.builder()
        .stage(() -> List.of(Pipeline.node("join", operator.get(), 0, 1, 2)))
        .input(exchange(join, 0), 0, 0, 0)
        .input(exchange(join, 1), 0, 0, 1)
        .output(0, 0)
        .output(0, 1)
        .output(0, 2)
        .build();
  }

  /** The same with an operator behind it whose only output are the results that come too late. */
  static Pipeline behindIt(EquiJoin join, Supplier<Operator> operator) {
    return Pipeline.builder()
        .stage(
            () ->
                List.of(
                    new StageNode(
                        "join", operator.get(), List.of(List.of(new StageNode.Inside(1, 0)))),
                    Pipeline.node("late", new LateRows(), 0)))
        .input(exchange(join, 0), 0, 0, 0)
        .input(exchange(join, 1), 0, 0, 1)
        .output(0, 0)
        .build();
  }

  /** Lets by what is at or below the watermark. */
  private static final class LateRows implements Operator {
    private long watermark = Long.MIN_VALUE;

    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch batch, Output out) {
      int[] rows =
          IntStream.range(0, batch.size())
              .map(batch::row)
              .filter(row -> batch.timestamps()[row] <= watermark)
              .toArray();
      out.emit(batch.withSelection(rows, rows.length));
    }

    @Override
    public void watermark(long newWatermark, Output out) {
      watermark = newWatermark;
    }
  }

  /**
   * Rows of both inputs in about the order of time.
   *
   * @param disorder how far back a row may lie
   * @param early how much too early watermarks come, so that some rows are late
   */
  static Script script(
      long seed, int count, int keys, long base, long step, long disorder, long early) {
    Random random = new Random(seed);
    Script.Builder script = Script.of(ORDERS, PAYMENTS);
    long largest = base;
    long watermark = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      largest += random.nextLong(step * 2);
      long time = largest - random.nextLong(disorder + 1);
      int input = random.nextInt(2);
      script.row(input, RowKind.INSERT, time, values(input, keys, random));
      if (random.nextInt(6) == 0) {
        script.cut();
      }
      if (random.nextInt(9) == 0 && largest - disorder - 1 + early > watermark) {
        watermark = largest - disorder - 1 + early;
        script.watermark(watermark);
      }
    }
    return script.end();
  }

  private static @Nullable Object[] values(int input, int keys, Random random) {
    Object id = random.nextInt(12) == 0 ? null : (long) random.nextInt(keys);
    Object user = random.nextInt(12) == 0 ? null : "user " + random.nextInt(2);
    Object number = random.nextInt(10) == 0 ? null : (long) random.nextInt(10);
    return input == 0
        ? new @Nullable Object[] {id, user, number, random.nextBoolean() ? null : "note"}
        : new @Nullable Object[] {
          0.25, user, id, number, BigDecimal.valueOf(random.nextInt(1_000), 2)
        };
  }

  /** The same rows, of which some are taken back again at random. */
  static Script withRetractions(Script rows, long seed) {
    Random random = new Random(seed);
    Script.Builder script = Script.of(rows.schema(0), rows.schema(1));
    List<Script.Row> there = new ArrayList<>();
    for (Script.Element element : rows.elements()) {
      if (element instanceof Script.Row row) {
        script.row(row.input(), RowKind.INSERT, row.timestamp(), row.values().toArray());
        there.add(row);
        while (!there.isEmpty() && random.nextInt(5) < 2) {
          Script.Row gone = there.remove(random.nextInt(there.size()));
          RowKind kind = random.nextBoolean() ? RowKind.DELETE : RowKind.UPDATE_BEFORE;
          script.row(gone.input(), kind, row.timestamp(), gone.values().toArray());
        }
        if (random.nextInt(7) == 0) {
          script.cut();
        }
      }
    }
    return script.end();
  }

  /** The rows of an input that are left in the end. */
  static List<Script.Row> left(Script script, int input) {
    List<Script.Row> left = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row && row.input() == input) {
        if (row.kind().isRetraction()) {
          left.remove(
              left.stream().filter(r -> r.values().equals(row.values())).findFirst().orElseThrow());
        } else {
          left.add(row);
        }
      }
    }
    return left;
  }
}
