package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.MariadbGtidEventData;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import io.fluxcore.adapters.in.cdc.Change.Place;
import java.io.IOException;
import java.io.Serializable;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events of a log as changes. A place is where an event lies that has rows; the log is gone on with
 * at the beginning of a transaction. Marks tell how far reading is where there is nothing to tell.
 * For one thread, except where it says otherwise.
 */
final class BinlogTransactions {
  private static final long NANOS_BETWEEN_MARKS = 1_000_000_000;
  private static final int PREPARED_XA = 64;

  /** Before a name: comments, which clients and the server add. */
  private static final String COMMENTS = "(?is)^\\s*(?:/\\*.*?\\*/\\s*)*";

  private static final Pattern TRUNCATION =
      Pattern.compile(COMMENTS + "truncate\\s+(?:table\\s+)?([^\\s;]+).*");
  private static final Pattern STATEMENT =
      Pattern.compile(COMMENTS + "(?:insert|update|delete|replace|load)\\b.*");

  private final CdcOptions options;
  private final BinlogEvents events;
  private final long server;
  private final BinlogSnapshot.Taker taker;
  private final BinlogLayouts layouts;
  private final Map<Long, BinlogTable> tables = new HashMap<>();
  private final Set<String> wanted;
  private String file;

  /** Where the transaction at hand begins, and whether it may yet be undone. */
  private BinlogPosition begin;

  private boolean prepared;
  private boolean within;
  private @Nullable BinlogPosition unmarked;
  private long markedNanos = System.nanoTime();
  private volatile long heardNanos = System.nanoTime();

  BinlogTransactions(
      CdcOptions options,
      BinlogEvents events,
      BinlogPosition at,
      long server,
      BinlogSnapshot.Taker taker) {
    this.options = options;
    this.events = events;
    this.server = server;
    this.taker = taker;
    this.layouts = new BinlogLayouts(options);
    this.wanted = new HashSet<>(options.tables());
    this.file = at.file();
    this.begin = at;
  }

  /** For how long nothing has come. Thread-safe. */
  long silentNanos() {
    return System.nanoTime() - heardNanos;
  }

  void take(Event event) throws SQLException, InterruptedException, IOException {
    EventHeaderV4 header = event.getHeader();
    EventType type = header.getEventType();
    switch (type) {
      case ROTATE -> {
        RotateEventData next = event.getData();
        file = next.getBinlogFilename();
        tables.clear();
        ended(new BinlogPosition(file, next.getBinlogPosition()));
      }
      case MARIADB_GTID -> {
        MariadbGtidEventData number = event.getData();
        begins(header);
        prepared = (number.getFlags() & PREPARED_XA) != 0;
      }
      case GTID, ANONYMOUS_GTID -> begins(header);
      case TABLE_MAP -> {
        TableMapEventData map = event.getData();
        if (map != null) {
          tables.put(map.getTableId(), layouts.of(map));
        }
      }
      case QUERY -> statement(header, event.getData());
      case XID, XA_PREPARE -> ended(end(header));
      case HEARTBEAT -> mark(true);
      default -> {
        if (event.getData() instanceof BinlogRows.Data rows) {
          rows(header, rows);
        }
      }
    }
    heardNanos = System.nanoTime(); // having been waited for is no silence
  }

  private BinlogPosition end(EventHeaderV4 header) {
    return new BinlogPosition(file, header.getNextPosition());
  }

  private void begins(EventHeaderV4 header) {
    begin = new BinlogPosition(file, header.getPosition());
    within = true;
    prepared = false;
  }

  private void ended(BinlogPosition at) throws InterruptedException {
    within = false;
    prepared = false;
    begin = at;
    unmarked = at;
    mark(false);
  }

  private void mark(boolean now) throws InterruptedException {
    BinlogPosition at = unmarked;
    if (at == null || (!now && System.nanoTime() - markedNanos < NANOS_BETWEEN_MARKS)) {
      return;
    }
    unmarked = null;
    markedNanos = System.nanoTime();
    taker.take(BinlogChange.mark(new Place(at.toString(), false), at.toOffset(server)), 100);
  }

  private void statement(EventHeaderV4 header, QueryEventData query) throws InterruptedException {
    String sql = query.getSql();
    String first = sql.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
    switch (first) {
      case "BEGIN" -> {
        if (!within) {
          begins(header);
        }
        return;
      }
      case "XA" -> {
        prepared |= sql.toUpperCase(Locale.ROOT).contains("START");
        if (!sql.toUpperCase(Locale.ROOT).contains("START")
            && !sql.toUpperCase(Locale.ROOT).contains("END")) {
          ended(end(header));
        }
        return;
      }
      case "SAVEPOINT" -> {
        return;
      }
      default -> {}
    }
    if (STATEMENT.matcher(sql).matches()) {
      told(header, query);
      return;
    }
    Matcher truncation = TRUNCATION.matcher(sql);
    if (truncation.matches()) {
      String name = named(truncation.group(1), query.getDatabase());
      if (wanted.contains(name)) {
        change(header, Change.TRUNCATE, false, name, null, null, ": " + sql, 200);
      }
    }
    layouts.altered(sql);
    ended(end(header));
  }

  /** A statement instead of the rows that it has changed: its session has another format. */
  private void told(EventHeaderV4 header, QueryEventData query) throws InterruptedException {
    for (String name : options.tables()) {
      String table = Pattern.quote(name.substring(name.indexOf('.') + 1));
      if (Pattern.compile("(?<![\\w$])" + table + "(?![\\w$])").matcher(query.getSql()).find()) {
        change(
            header,
            BinlogChange.STATEMENT,
            false,
            name,
            null,
            null,
            ": " + query.getSql(),
            2L * query.getSql().length());
      }
    }
  }

  private static String named(String name, String database) {
    String plain = name.replace("`", "");
    return plain.indexOf('.') >= 0 ? plain : database + "." + plain;
  }

  private void rows(EventHeaderV4 header, BinlogRows.Data rows)
      throws InterruptedException, IOException {
    TableMapEventData map = events.table(rows.table());
    BinlogTable table = map == null ? null : tables.get(rows.table());
    if (table == null) {
      throw new IOException("the log has rows of a table that it has not named");
    }
    long bytes = 200 + 2 * header.getDataLength() / Math.max(1, rows.rows());
    for (int i = 0; i < rows.rows(); i++) {
      @Nullable Serializable[] before = at(rows.before(), i);
      @Nullable Serializable[] after = at(rows.after(), i);
      change(
          header,
          prepared
              ? BinlogChange.PREPARED
              : before == null ? Change.CREATE : after == null ? Change.DELETE : Change.UPDATE,
          before != null && after != null && table.isMove(before, after),
          table.name(),
          before == null ? null : new BinlogTable.Row(table, before),
          after == null ? null : new BinlogTable.Row(table, after),
          "",
          bytes);
    }
  }

  private static @Nullable Serializable @Nullable [] at(
      List<@Nullable Serializable[]> rows, int index) {
    return rows.isEmpty() ? null : rows.get(index);
  }

  private void change(
      EventHeaderV4 header,
      String kind,
      boolean isMove,
      String table,
      @Nullable ChangedRow before,
      @Nullable ChangedRow after,
      String told,
      long bytes)
      throws InterruptedException {
    unmarked = null; // a mark must not lie before what is told
    BinlogPosition at = new BinlogPosition(file, header.getPosition());
    if (at.compareTo(begin) < 0) {
      throw BinlogEvents.unreadable(
          "the transaction at " + begin + " is longer than 4 GB, where the log has no positions",
          "write smaller ones");
    }
    taker.take(
        new BinlogChange(
            kind,
            isMove,
            new Place(at.toString(), false),
            begin.toOffset(server),
            table,
            header.getTimestamp(),
            before,
            after,
            told),
        bytes);
  }
}
