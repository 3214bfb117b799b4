package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.keyed.ExpiringOperator;
import io.fluxcore.domain.keyed.ExpiringTable;
import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.rank.RankedRow;
import io.fluxcore.domain.rank.RankedRows;
import io.fluxcore.domain.rank.RankedRowsSerializer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.row.SortKeys;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link AsOfJoin}. Each input has a table of the rows of each key, in their order. Left
 * rows find their closest row one by one; right rows are put in place first, and then the left rows
 * that see the difference are looked at.
 */
final class AsOfJoinOperator extends ExpiringOperator {
  private final AsOfJoin join;
  private final ClosestRow closest;
  private final Side[] sides;
  private final AsOfOutput output;

  /** What the last call left undone. */
  private @Nullable Batch batch;

  private boolean isFlushing;

  /** One input and its rows. */
  private static final class Side {
    final int number;
    final int[] keyOrdinals;
    final int matchOrdinal;
    final int[] kept;
    final RowEncoder encoder;
    final SortKeys places;
    final StateLayout layout;
    ExpiringTable rows;

    @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
    Side(AsOfJoin of, int number) {
      EquiJoin join = of.join();
      this.number = number;
      this.keyOrdinals = join.keyOrdinals(number);
      this.matchOrdinal = join.fields().input(number).ordinal(of.matched(number));
      this.kept = join.fields().kept(number);
      RowCodec codec = new RowCodec(join.fields().keptSchema(number));
      this.encoder = new RowEncoder(codec);
      this.places = of.places(number);
      this.layout =
          new StateLayout(
              number == JoinType.LEFT_INPUT ? "left" : "right",
              join.keyTypes(),
              new long[] {StateClock.NEVER},
              List.of(new RankedRowsSerializer(codec.schema())));
    }

    /** The rows of a slot, or null if there are none. */
    @Nullable RankedRows at(int slot) {
      return slot < 0 || rows.isOver(slot) ? null : (RankedRows) rows.table().objects(0)[slot];
    }

    /** The rows of a slot of this input; those that a batch has touched are not over. */
    RankedRows own(int slot) {
      RankedRows own = (RankedRows) rows.table().objects(0)[slot];
      if (own == null || (!own.isTouched() && rows.isOver(slot))) {
        own = new RankedRows();
        rows.table().objects(0)[slot] = own;
      }
      return own;
    }
  }

  /** A batch that is being worked on. */
  private static final class Batch {
    final Side side;
    final EventBatch rows;
    final KeyChunk keys;
    final Column[] columns;
    final int[] slots;
    final int[] others;
    final Deque<AsOfRevision> revisions = new ArrayDeque<>();
    int next;

    Batch(Side side, Side other, EventBatch rows) {
      this.side = side;
      this.rows = rows;
      this.keys = KeyChunk.of(rows, side.keyOrdinals);
      this.columns = KeyChunk.columns(rows, side.kept);
      this.slots = side.rows.resolve(keys);
      this.others = other.rows.find(keys);
    }

    /** Whether a row equals or compares with none of the other input. */
    boolean isNull(int row) {
      return JoinInput.isNull(keys.columns(), row) || rows.column(side.matchOrdinal).isNull(row);
    }

    boolean takesBack(int row) {
      return rows.rowKind(row).isRetraction();
    }

    /** A row with its place, which the side's encoders hold from then on. */
    byte[] ranked(int row) {
      side.places.encode(rows.columns(), row);
      side.encoder.encode(columns, row);
      return RankedRow.of(side.places, side.encoder, rows.timestamps()[row]);
    }
  }

  @SuppressWarnings("NullAway.Init") // bound by open, which comes before everything else
  AsOfJoinOperator(AsOfJoin join) {
    this.join = join;
    this.closest = new ClosestRow(join.match().comparison());
    this.sides =
        new Side[] {new Side(join, JoinType.LEFT_INPUT), new Side(join, JoinType.RIGHT_INPUT)};
    this.output = new AsOfOutput(join.join());
  }

  @Override
  public void open(OperatorContext newContext) {
    super.open(newContext);
    for (Side side : sides) {
      side.rows = table(side.layout, 0, join.life());
    }
  }

  @Override
  public void process(int input, EventBatch arrived, Output out) {
    Batch begun = new Batch(sides[input], sides[1 - input], arrived);
    if (input == JoinType.RIGHT_INPUT) {
      takeRights(begun);
    }
    batch = begun;
    resume(out);
  }

  @Override
  public boolean hasMore() {
    return batch != null || isFlushing;
  }

  @Override
  public void resume(Output out) {
    Batch current = batch;
    if (current != null) {
      boolean isDone =
          current.side.number == JoinType.LEFT_INPUT
              ? takeLefts(current, out)
              : revise(current.revisions, out);
      if (!isDone) {
        return;
      }
      finish(current);
      batch = null;
    }
    isFlushing = !output.flush(out);
  }

  private void finish(Batch done) {
    Side side = done.side;
    for (int i = 0; i < done.keys.count(); i++) {
      int slot = done.slots[i];
      if (side.rows.table().isLive(slot)) {
        RankedRows rows = side.at(slot);
        if (rows == null || rows.size() == 0) {
          side.rows.table().remove(slot);
        }
      }
    }
    for (Side each : sides) {
      each.rows.endBatch(done.keys);
    }
  }

  /** Gives the results of left rows, for as long as downstream has capacity; whether all. */
  private boolean takeLefts(Batch current, Output out) {
    while (current.next < current.keys.count()) {
      takeLeft(current, current.next++);
      if (output.isLarge() && !output.emit(out)) {
        return false;
      }
    }
    return true;
  }

  private void takeLeft(Batch current, int position) {
    int row = current.keys.rows()[position];
    int sign = current.takesBack(row) ? -1 : 1;
    byte[] left = current.ranked(row);
    if (current.isNull(row)) {
      if (join.join().type() == JoinType.LEFT) {
        output.add(left, null, sign);
      } else {
        context().ledger().filtered(1);
      }
      return;
    }
    if (!put(current, position, row, left)) {
      return;
    }
    RankedRows rights = sides[JoinType.RIGHT_INPUT].at(current.others[position]);
    int index = rights == null ? ClosestRow.NONE : closest.of(left, rights.size(), rights::get);
    output.add(left, rights == null || index == ClosestRow.NONE ? null : rights.get(index), sign);
  }

  /** Puts right rows in place, and notes what they may change. */
  private void takeRights(Batch current) {
    List<Integer> touched = new ArrayList<>();
    for (int position = 0; position < current.keys.count(); position++) {
      int row = current.keys.rows()[position];
      if (current.isNull(row)) {
        context().ledger().filtered(1);
        continue;
      }
      RankedRows own = current.side.own(current.slots[position]);
      if (!own.isTouched()) {
        own.touch(0, lefts(current, position) == null ? 0 : Integer.MAX_VALUE);
        touched.add(position);
      }
      put(current, position, row, current.ranked(row));
    }
    for (int position : touched) {
      RankedRows own = current.side.own(current.slots[position]);
      RankedRows lefts = lefts(current, position);
      byte[][] before = own.settle();
      if (lefts != null) {
        current.revisions.add(
            new AsOfRevision(closest, lefts, before, own.view(0, Integer.MAX_VALUE)));
      }
    }
  }

  private @Nullable RankedRows lefts(Batch current, int position) {
    return sides[JoinType.LEFT_INPUT].at(current.others[position]);
  }

  /** Keeps a row that the encoders hold, or takes it away; false if it is to go and not there. */
  private boolean put(Batch current, int position, int row, byte[] ranked) {
    Side side = current.side;
    int slot = current.slots[position];
    RankedRows own = side.own(slot);
    if (current.takesBack(row)) {
      boolean isThere = own.remove(side.places, side.encoder);
      if (!isThere) {
        context().ledger().filtered(1);
      }
      return isThere;
    }
    own.add(own.indexFor(side.places), ranked);
    use(current, position, current.rows.timestamps()[row]);
    return true;
  }

  /** The rows of a key live as long on both sides: no result is taken back that was forgotten. */
  private void use(Batch current, int position, long time) {
    int slot = current.others[position];
    Side other = sides[1 - current.side.number];
    if (other.at(slot) != null) {
      other.rows.used(slot, position, time);
    }
    current.side.rows.used(current.slots[position], position, time);
  }

  /** Gives what has changed of left rows, for as long as downstream has capacity; whether all. */
  private boolean revise(Deque<AsOfRevision> revisions, Output out) {
    while (!revisions.isEmpty()) {
      AsOfRevision revision = revisions.element();
      while (revision.advance()) {
        output.add(revision.left(), revision.was(), -1);
        output.add(revision.left(), revision.is(), 1);
        if (output.isLarge() && !output.emit(out)) {
          return false;
        }
      }
      revisions.remove();
    }
    return true;
  }

  @Override
  public String stateMeaning() {
    return join.stateMeaning();
  }
}
