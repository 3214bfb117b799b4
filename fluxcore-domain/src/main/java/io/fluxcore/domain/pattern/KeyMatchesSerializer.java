package io.fluxcore.domain.pattern;

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
 * The partial matches of a key in snapshots. Big endian:
 *
 * <pre>
 *   i64  events that were looked at, i64 registered deadline
 *   i32  events that are held, each: i64 timestamp, i64 sequence, i32 length and bytes of RowFormat
 *   i32  links, each after those it refers to: i32 number of the one before or -1, u16 stage, i32
 *        number of the event
 *   i32  rules, each: i64 fingerprint, i64 deadline, u8 alert, i32 longest, i32 partial matches, i32 completed
 *        ones, and each of these: i32 state, i32 number of the link, i64 time and i64 sequence of
 *        the first event
 * </pre>
 */
final class KeyMatchesSerializer implements StateSerializer<Object> {
  private final Schema schema;

  KeyMatchesSerializer(Schema schema) {
    this.schema = schema;
  }

  /** Names the fields, so that events of other fields are refused and not misread. */
  @Override
  public String id() {
    return "pattern-matches " + schema;
  }

  @Override
  public int version() {
    return 1;
  }

  /** Links count once for each match, although they may be shared. */
  @Override
  public long estimatedBytes(Object value) {
    long bytes = 48;
    for (RuleMatches rule : ((KeyMatches) value).rules) {
      bytes += 48;
      for (PartialMatch match : rule.partials) {
        bytes += 48 + match.last.length * (64L + match.last.event.row.length);
      }
      bytes += 48L * rule.completed.size();
    }
    return bytes;
  }

  /** Numbers events and links, each after those it refers to. */
  private static final class Table {
    final IdentityHashMap<HeldEvent, Integer> events = new IdentityHashMap<>();
    final IdentityHashMap<Link, Integer> links = new IdentityHashMap<>();
    final List<HeldEvent> eventOrder = new ArrayList<>();
    final List<Link> linkOrder = new ArrayList<>();

    void add(Link last) {
      List<Link> chain = new ArrayList<>();
      for (Link link = last; link != null && !links.containsKey(link); link = link.previous) {
        chain.add(link);
      }
      for (int i = chain.size() - 1; i >= 0; i--) {
        Link link = chain.get(i);
        links.put(link, linkOrder.size());
        linkOrder.add(link);
        if (events.putIfAbsent(link.event, eventOrder.size()) == null) {
          eventOrder.add(link.event);
        }
      }
    }

    int of(@Nullable Link link) {
      return link == null ? -1 : links.getOrDefault(link, -1);
    }
  }

  @Override
  public void write(Object value, DataOutput out) throws IOException {
    KeyMatches matches = (KeyMatches) value;
    Table table = new Table();
    for (RuleMatches rule : matches.rules) {
      rule.partials.forEach(match -> table.add(match.last));
      rule.completed.forEach(match -> table.add(match.last));
    }
    out.writeLong(matches.sequence);
    out.writeLong(matches.registered);
    out.writeInt(table.eventOrder.size());
    for (HeldEvent event : table.eventOrder) {
      out.writeLong(event.timestamp);
      out.writeLong(event.sequence);
      out.writeInt(event.row.length);
      out.write(event.row);
    }
    out.writeInt(table.linkOrder.size());
    for (Link link : table.linkOrder) {
      out.writeInt(table.of(link.previous));
      out.writeShort(link.stage);
      out.writeInt(table.events.getOrDefault(link.event, -1));
    }
    out.writeInt(matches.rules.size());
    for (RuleMatches rule : matches.rules) {
      out.writeLong(rule.fingerprint);
      out.writeLong(rule.deadline);
      out.writeByte(rule.alert ? 1 : 0);
      out.writeInt(rule.longest);
      out.writeInt(rule.partials.size());
      out.writeInt(rule.completed.size());
      write(rule.partials, table, out);
      write(rule.completed, table, out);
    }
  }

  private static void write(List<PartialMatch> matches, Table table, DataOutput out)
      throws IOException {
    for (PartialMatch match : matches) {
      out.writeInt(match.state);
      out.writeInt(table.of(match.last));
      out.writeLong(match.startTime);
      out.writeLong(match.startSequence);
    }
  }

  @Override
  public Object read(DataInput in, int version) throws IOException {
    KeyMatches matches = new KeyMatches();
    matches.sequence = in.readLong();
    matches.registered = in.readLong();
    List<HeldEvent> events = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      long timestamp = in.readLong();
      long sequence = in.readLong();
      byte[] row = new byte[in.readInt()];
      in.readFully(row);
      events.add(new HeldEvent(timestamp, sequence, row));
    }
    List<Link> links = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int previous = in.readInt();
      int stage = in.readUnsignedShort();
      HeldEvent event = events.get(in.readInt());
      links.add(new Link(previous < 0 ? null : links.get(previous), stage, event));
    }
    for (int left = in.readInt(); left > 0; left--) {
      RuleMatches rule = new RuleMatches(in.readLong());
      rule.deadline = in.readLong();
      rule.alert = in.readByte() != 0;
      rule.longest = in.readInt();
      int partials = in.readInt();
      int completed = in.readInt();
      rule.partials = read(partials, links, in);
      rule.completed = completed == 0 ? List.of() : read(completed, links, in);
      matches.rules.add(rule);
    }
    return matches;
  }

  private static List<PartialMatch> read(int count, List<Link> links, DataInput in)
      throws IOException {
    List<PartialMatch> matches = new ArrayList<>(Math.max(2, Math.min(count, 1024)));
    for (int i = 0; i < count; i++) {
      int state = in.readInt();
      Link last = links.get(in.readInt());
      long time = in.readLong();
      matches.add(new PartialMatch(state, last, time, in.readLong()));
    }
    return matches;
  }
}
