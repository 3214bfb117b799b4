package io.fluxcore.domain.join;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a table that the subtasks of a join share: there from the first that needs it until
 * the last that used it is closed. Thread-safe.
 */
final class TableCopy {
  private final WholeTable table;
  private final LookupTable asked;
  private final int mostRows;

  /** Held by the subtask that reads while others wait. */
  private final Object firstReading = new Object();

  private volatile @Nullable TableContents contents;
  private int users;
  private @Nullable Object reloadedBy;

  TableCopy(WholeTable table, LookupTable asked, int mostRows) {
    this.table = table;
    this.asked = asked;
    this.mostRows = mostRows;
  }

  synchronized void use() {
    users++;
  }

  /** Somebody who used it does not any more. */
  synchronized void leave(Object user) {
    reloadEnded(user);
    if (--users == 0) {
      contents = null;
    }
  }

  /** What there is, or null: the table has not been read. */
  @Nullable TableContents contents() {
    return contents;
  }

  /** Reads the table unless another subtask has; blocks until one of them has done so. */
  TableContents readOnce(String operatorId, long nowMillis) throws Exception {
    synchronized (firstReading) {
      TableContents there = contents;
      if (there == null) {
        there = read(operatorId, nowMillis);
        contents = there;
      }
      return there;
    }
  }

  /** Whether it is for this user, and nobody else, to read the table again. */
  synchronized boolean beginReload(Object user) {
    if (reloadedBy != null) {
      return false;
    }
    reloadedBy = user;
    return true;
  }

  /** What a user has read takes the place of what there was. */
  synchronized void reloaded(Object user, TableContents newer) {
    contents = newer;
    reloadEnded(user);
  }

  synchronized void reloadEnded(Object user) {
    if (user.equals(reloadedBy)) {
      reloadedBy = null;
    }
  }

  /** Reads the table, without taking it in. */
  TableContents read(String operatorId, long nowMillis) throws Exception {
    TableContents.Builder rows = new TableContents.Builder(asked);
    table.read(
        batch -> {
          rows.add(batch);
          if (rows.count() > mostRows) {
            throw tooMany(operatorId);
          }
        });
    return rows.build(nowMillis);
  }

  private FluxCoreException tooMany(String operatorId) {
    return FluxCoreException.user(
        "FLX-JOIN-0004",
        Place.of("node '" + operatorId + "'"),
        "the table that it holds in memory has more than " + mostRows + " rows",
        "raise mostRows, or have keys looked up one by one in a table that can be asked");
  }
}
