package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows and threads of a key in snapshots. Big endian:
 *
 * <pre>
 *   i64  first, origin, start, next, matches, matched, registered
 *   u8   bit 0: a search is under way, bit 1: a match was found
 *   i32  rows, each: i64 timestamp, i32 length and bytes of RowFormat
 *   i32  paths, each after the one it refers to: i32 number of the one before or -1, i32 twice the
 *        number of the variable, and one more if the row is excluded
 *   i32  number of the path of the match that was found, or -1
 *   i32  threads, each: i32 instruction, i32 number of the path or -1
 * </pre>
 */
final class PartitionRowsSerializer implements StateSerializer<Object> {
  private final Schema schema;
  private final String program;

  PartitionRowsSerializer(Schema schema, RowPatternProgram program) {
    this.schema = schema;
    this.program = program.toString();
  }

  /** Names the fields and the program, so that what belongs to others is refused. */
  @Override
  public String id() {
    return "row-pattern " + schema + " " + Integer.toHexString(program.hashCode());
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public long estimatedBytes(Object value) {
    PartitionRows rows = (PartitionRows) value;
    long bytes = 128;
    for (HeldRow row : rows.rows) {
      bytes += 48L + row.bytes.length;
    }
    for (MatchThread thread : rows.threads) {
      bytes += 24 + 48L * (thread.path() == null ? 0 : 1);
    }
    return bytes + 48L * (rows.next - rows.start);
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    PartitionRows rows = (PartitionRows) value;
    out.writeLong(rows.first);
    out.writeLong(rows.origin);
    out.writeLong(rows.start);
    out.writeLong(rows.next);
    out.writeLong(rows.matches);
    out.writeLong(rows.matched);
    out.writeLong(rows.registered);
    out.writeByte((rows.searching ? 1 : 0) | (rows.found ? 2 : 0));
    out.writeInt(rows.rows.size());
    for (HeldRow row : rows.rows) {
      out.writeLong(row.timestamp);
      out.writeInt(row.bytes.length);
      out.write(row.bytes);
    }
    IdentityHashMap<MatchPath, Integer> numbers = new IdentityHashMap<>();
    List<MatchPath> paths = new ArrayList<>();
    number(rows.best, numbers, paths);
    rows.threads.forEach(thread -> number(thread.path(), numbers, paths));
    out.writeInt(paths.size());
    for (MatchPath path : paths) {
      out.writeInt(numberOf(path.previous, numbers));
      out.writeInt(2 * path.variable + (path.excluded ? 1 : 0));
    }
    out.writeInt(numberOf(rows.best, numbers));
    out.writeInt(rows.threads.size());
    for (MatchThread thread : rows.threads) {
      out.writeInt(thread.instruction());
      out.writeInt(numberOf(thread.path(), numbers));
    }
  }

  private static int numberOf(
      @Nullable MatchPath path, IdentityHashMap<MatchPath, Integer> numbers) {
    return path == null ? -1 : numbers.getOrDefault(path, -1);
  }

  private static void number(
      @Nullable MatchPath last,
      IdentityHashMap<MatchPath, Integer> numbers,
      List<MatchPath> paths) {
    List<MatchPath> chain = new ArrayList<>();
    for (MatchPath at = last; at != null && !numbers.containsKey(at); at = at.previous) {
      chain.add(at);
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      numbers.put(chain.get(i), paths.size());
      paths.add(chain.get(i));
    }
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    PartitionRows rows = new PartitionRows();
    rows.first = in.readLong();
    rows.origin = in.readLong();
    rows.start = in.readLong();
    rows.next = in.readLong();
    rows.matches = in.readLong();
    rows.matched = in.readLong();
    rows.registered = in.readLong();
    int flags = in.readUnsignedByte();
    rows.searching = (flags & 1) != 0;
    rows.found = (flags & 2) != 0;
    for (int left = in.readInt(); left > 0; left--) {
      long timestamp = in.readLong();
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      rows.rows.add(new HeldRow(timestamp, bytes));
    }
    List<MatchPath> paths = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int previous = in.readInt();
      int symbol = in.readInt();
      paths.add(
          new MatchPath(previous < 0 ? null : paths.get(previous), symbol >> 1, (symbol & 1) != 0));
    }
    int best = in.readInt();
    rows.best = best < 0 ? null : paths.get(best);
    for (int left = in.readInt(); left > 0; left--) {
      int instruction = in.readInt();
      int path = in.readInt();
      rows.threads.add(new MatchThread(instruction, path < 0 ? null : paths.get(path)));
    }
    return rows;
  }
}
