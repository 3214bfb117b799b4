package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowBufferSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.StateLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link ChangelogJoin}. Each input has a table of the rows of each key; the tag of a row is
 * how many rows of the other input it matches, where that decides whether it is a result alone.
 */
final class ChangelogJoinOperator extends RowwiseJoinOperator<ChangelogJoinOperator.Batch> {
  private final ChangelogJoin join;
  private final JoinType type;
  private final Side[] sides;

  /** One input and its rows. */
  private static final class Side {
    final int number;
    final int[] keyOrdinals;
    final int[] kept;
    final RowCodec codec;
    final RowEncoder encoder;
    final List<DataType> keyTypes;
    ExpiringTable rows;

    @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
    Side(EquiJoin join, int number) {
      this.number = number;
      this.keyOrdinals = join.keyOrdinals(number);
      this.kept = join.fields().kept(number);
      this.codec = new RowCodec(join.fields().keptSchema(number));
      this.encoder = new RowEncoder(codec);
      this.keyTypes = join.keyTypes();
    }

    StateLayout layout() {
      return new StateLayout(
          number == JoinType.LEFT_INPUT ? "left" : "right",
          keyTypes,
          new long[] {StateClock.NEVER},
          List.of(new RowBufferSerializer(codec.schema())));
    }

    /** The rows of a slot, or null if there are none. */
    @Nullable RowBuffer at(int slot) {
      return slot < 0 || rows.isOver(slot) ? null : (RowBuffer) rows.table().objects(0)[slot];
    }

    /** The rows of a slot of this input. */
    RowBuffer own(int slot) {
      RowBuffer buffer = at(slot);
      if (buffer == null) {
        buffer = new RowBuffer();
        rows.table().objects(0)[slot] = buffer;
      }
      return buffer;
    }
  }

  /** A batch that is being worked on. */
  static final class Batch {
    final Side side;
    final EventBatch rows;
    final KeyChunk keys;
    final Column[] columns;
    final int[] slots;
    final int[] others;
    int next;

    /** Whether a slot may be left without rows: one was taken back, or its key is null. */
    boolean mayLeaveEmpty;

    Batch(Side side, Side other, EventBatch rows) {
      this.side = side;
      this.rows = rows;
      this.keys = KeyChunk.of(rows, side.keyOrdinals);
      this.columns = KeyChunk.columns(rows, side.kept);
      this.slots = side.rows.resolve(keys);
      this.others = other.rows.find(keys);
    }
  }

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  ChangelogJoinOperator(ChangelogJoin join, @Nullable CompiledPredicate condition) {
    super(new ChangelogJoinOutput(join, condition));
    this.join = join;
    this.type = join.join().type();
    this.sides =
        new Side[] {
          new Side(join.join(), JoinType.LEFT_INPUT), new Side(join.join(), JoinType.RIGHT_INPUT)
        };
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    for (int input = 0; input < sides.length; input++) {
      sides[input].rows = table(sides[input].layout(), 0, join.life(input));
    }
  }

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    begin(new Batch(sides[input], sides[1 - input], arrived), out);
  }

  @Override
  boolean work(Batch current, Output out) {
    while (current.next < current.keys.count()) {
      row(current, current.next++);
      if (!output.relieve(out)) {
        return false;
      }
    }
    finish(current);
    return true;
  }

  private void finish(Batch done) {
    Side side = done.side;
    boolean looks = done.mayLeaveEmpty || join.forgets();
    for (int i = 0; looks && i < done.keys.count(); i++) {
      int slot = done.slots[i];
      if (side.rows.table().isLive(slot)) {
        RowBuffer rows = side.at(slot);
        if (rows == null || rows.isEmpty()) {
          side.rows.table().remove(slot);
        }
      }
    }
    side.rows.endBatch(done.keys);
  }

  private void row(Batch current, int position) {
    Side side = current.side;
    int row = current.keys.rows()[position];
    boolean takesBack = current.rows.rowKind(row).isRetraction();
    boolean isNull = JoinInput.isNull(current.keys.columns(), row);
    current.mayLeaveEmpty |= takesBack || isNull;
    if (isNull) {
      if (type.givesUnmatched(side.number)) {
        output.single(side.number, current.rows, row, takesBack ? -1 : 1);
      } else {
        context().ledger().filtered(1);
      }
      return;
    }
    int slot = current.slots[position];
    RowBuffer own = side.own(slot);
    side.encoder.encode(current.columns, row);
    if (takesBack) {
      int at = own.find(side.encoder);
      if (at == RowBuffer.NONE) {
        context().ledger().filtered(1);
        return;
      }
      own.remove(at);
    }
    RowBuffer others = sides[1 - side.number].at(current.others[position]);
    int matches =
        others == null ? 0 : output.match(side.number, current.rows, row, others, context());
    if (type.givesPairs()) {
      pairs(current, row, others, matches, takesBack);
    } else {
      lefts(current, row, others, matches, takesBack);
    }
    if (!takesBack) {
      long time = current.rows.timestamps()[row];
      own.append(side.encoder, time, matches);
      side.rows.used(slot, position, time);
    }
  }

  private void pairs(
      Batch current, int row, @Nullable RowBuffer others, int matches, boolean takesBack) {
    int number = current.side.number;
    int sign = takesBack ? -1 : 1;
    for (int m = 0; m < matches && others != null; m++) {
      int at = output.matched(m);
      if (type.givesUnmatched(1 - number) && changesWhetherAlone(others, at, sign)) {
        output.single(1 - number, others, at, -sign);
      }
      output.pair(number, current.rows, row, others, at, sign);
    }
    if (matches == 0 && type.givesUnmatched(number)) {
      output.single(number, current.rows, row, sign);
    }
  }

  /** The rows of the left input that a semi or anti join gives. */
  private void lefts(
      Batch current, int row, @Nullable RowBuffer others, int matches, boolean takesBack) {
    int sign = takesBack ? -1 : 1;
    boolean isSemi = type == JoinType.SEMI;
    if (current.side.number == JoinType.LEFT_INPUT) {
      if (matches > 0 == isSemi) {
        output.single(JoinType.LEFT_INPUT, current.rows, row, sign);
      }
      return;
    }
    for (int m = 0; m < matches && others != null; m++) {
      int at = output.matched(m);
      if (changesWhetherAlone(others, at, sign)) {
        output.single(JoinType.LEFT_INPUT, others, at, isSemi ? sign : -sign);
      }
    }
  }

  /** Counts a match of a row; whether it is the first one, or was the last. */
  private static boolean changesWhetherAlone(RowBuffer rows, int at, int sign) {
    long before = rows.tag(at);
    rows.setTag(at, before + sign);
    return sign > 0 ? before == 0 : before == 1;
  }

  @Override
  public String stateMeaning() {
    return join.stateMeaning();
  }
}
