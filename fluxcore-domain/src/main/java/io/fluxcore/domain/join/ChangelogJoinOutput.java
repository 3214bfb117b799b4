package io.fluxcore.domain.join;

import io.fluxcore.domain.changelog.NetChanges;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows that match one, and collects results that are added and taken back. Where nothing
 * is ever taken back they leave as they are; otherwise what is left of them leaves.
 *
 * <p>Where rows without a match give nothing, the pairs of many rows are collected, and the
 * condition is asked of all of them at once.
 */
final class ChangelogJoinOutput {
  private static final int FEW = 16;

  private final @Nullable CompiledPredicate condition;
  private final Schema output;
  private final boolean judgesTogether;
  private final EventBatchBuilder candidates;
  private final EventBatchBuilder results;
  private final JoinedColumns[] ofCandidates = new JoinedColumns[2];
  private final JoinedColumns[] ofResults = new JoinedColumns[2];
  private final @Nullable NetChanges net;
  private final Deque<EventBatch> direct = new ArrayDeque<>();
  private final byte[] signs = new byte[EventBatch.TARGET_ROWS];
  private int[] matched = new int[16];
  private int[] selected = new int[0];
  private @Nullable OperatorContext context;

  ChangelogJoinOutput(ChangelogJoin join, @Nullable CompiledPredicate condition) {
    this(
        join.join(),
        condition,
        join.givesOnlyInsertions(),
        condition != null && join.join().type() == JoinType.INNER);
  }

  /**
   * An output.
   *
   * @param givesOnlyInsertions whether no result is ever taken back
   * @param judgesTogether whether {@link #match} finds rows that may match, and the condition is
   *     asked of the pairs of many rows at once: where nothing but pairs depends on it
   */
  ChangelogJoinOutput(
      EquiJoin join,
      @Nullable CompiledPredicate condition,
      boolean givesOnlyInsertions,
      boolean judgesTogether) {
    JoinFields fields = join.fields();
    this.condition = condition;
    this.output = fields.output();
    this.judgesTogether = judgesTogether;
    this.candidates =
        new EventBatchBuilder(fields.pairs(), judgesTogether ? EventBatch.TARGET_ROWS : FEW);
    this.results = new EventBatchBuilder(fields.output());
    this.net = givesOnlyInsertions ? null : new NetChanges(fields.output());
    for (int input = 0; input < 2; input++) {
      ofCandidates[input] = new JoinedColumns(fields, input, candidates);
      ofResults[input] = new JoinedColumns(fields, input, results);
    }
  }

  /**
   * Finds the rows of the other input that a row matches, or may match: {@link #matched}.
   *
   * @return how many there are
   */
  int match(int input, EventBatch batch, int row, RowBuffer others, OperatorContext newContext) {
    context = newContext;
    if (matched.length < others.size()) {
      matched = new int[Math.max(others.size(), matched.length * 2)];
    }
    int count = 0;
    for (int at = others.first(); at >= 0; at = others.next(at)) {
      matched[count++] = at;
    }
    return condition == null || count == 0 || judgesTogether
        ? count
        : judge(condition, input, batch, row, others, count);
  }

  /**
   * Asks the condition; a pair that it cannot judge does not match, and counts as one that failed.
   */
  private int judge(
      CompiledPredicate asked, int input, EventBatch batch, int row, RowBuffer others, int count) {
    for (int i = 0; i < count; i++) {
      ofCandidates[input].row(batch, row);
      ofCandidates[1 - input].row(others, matched[i]);
      candidates.endRow(batch.timestamps()[row]);
    }
    int found = select(asked, candidates.build());
    for (int i = 0; i < found; i++) {
      matched[i] = matched[selected[i]];
    }
    return found;
  }

  /** The pairs for which the condition is true: how many, and which in {@link #selected}. */
  private int select(CompiledPredicate asked, EventBatch pairs) {
    if (selected.length < pairs.size()) {
      selected = new int[pairs.size()];
    }
    return asked.select(
        pairs,
        selected,
        (pair, error) -> {
          OperatorContext reports = Objects.requireNonNull(context);
          reports.ledger().in(1, 0);
          reports.failures().failed(pairs, pair, error);
        });
  }

  /** The position of a row that matches. */
  int matched(int number) {
    return matched[number];
  }

  /** A row of a batch with a kept row of the other input. */
  void pair(int input, EventBatch batch, int row, RowBuffer others, int at, int sign) {
    if (judgesTogether) {
      ofCandidates[input].row(batch, row);
      ofCandidates[1 - input].row(others, at);
      signs[candidates.size()] = (byte) sign;
      candidates.endRow(Math.max(batch.timestamps()[row], others.timestamp(at)));
      if (candidates.isFull()) {
        collect();
      }
      return;
    }
    ofResults[input].row(batch, row);
    ofResults[1 - input].row(others, at);
    end(Math.max(batch.timestamps()[row], others.timestamp(at)), sign);
  }

  /** A row of a batch with nulls. */
  void single(int input, EventBatch batch, int row, int sign) {
    ofResults[input].row(batch, row);
    ofResults[1 - input].nulls();
    end(batch.timestamps()[row], sign);
  }

  /** A kept row with nulls. */
  void single(int input, RowBuffer rows, int at, int sign) {
    ofResults[input].row(rows, at);
    ofResults[1 - input].nulls();
    end(rows.timestamp(at), sign);
  }

  private void end(long timestamp, int sign) {
    signs[results.size()] = (byte) sign;
    results.endRow(timestamp);
    if (results.isFull()) {
      collect();
    }
  }

  private void collect() {
    if (results.size() > 0) {
      add(results.build());
    }
    CompiledPredicate asked = condition;
    if (judgesTogether && asked != null && candidates.size() > 0) {
      EventBatch pairs = candidates.build();
      int found = select(asked, pairs);
      if (found > 0) {
        // the fields that leave are the first ones of a pair
        EventBatch all = pairs.withColumns(output, Arrays.copyOf(pairs.columns(), output.size()));
        add(found == all.size() ? all : all.withSelection(Arrays.copyOf(selected, found), found));
      }
    }
  }

  private void add(EventBatch batch) {
    if (net == null) {
      direct.add(batch);
    } else {
      net.add(batch, signs);
    }
  }

  /**
   * Hands on what need not wait for the end of the batch, if it is much; false where downstream has
   * no more capacity.
   */
  boolean relieve(Output out) {
    return net == null ? direct(out) : !net.isLarge() || net.emit(out);
  }

  private boolean direct(Output out) {
    while (!direct.isEmpty()) {
      out.emit(direct.remove());
      if (!out.hasCapacity()) {
        return false;
      }
    }
    return true;
  }

  /** Hands on everything, for as long as downstream has capacity; whether all is gone. */
  boolean flush(Output out) {
    collect();
    if (net != null) {
      return net.flush(out);
    }
    direct(out);
    return direct.isEmpty();
  }
}
