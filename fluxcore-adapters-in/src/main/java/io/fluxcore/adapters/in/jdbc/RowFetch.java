package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.sql.BadSqlValue;
import io.fluxcore.adapters.in.sql.SqlColumn;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads rows of a relation into batches. All calls come from the thread of one worker; what is read
 * at once is read in one transaction, which is ended.
 */
final class RowFetch {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcSettings settings;
  private final ReaderContext context;
  private final Schema wanted;
  private final int limit;
  private final EventBatchBuilder rows;
  private @Nullable Relation relation;
  private @Nullable PreparedStatement open;
  private @Nullable ResultSet openRows;

  /**
   * Some rows, and where reading goes on.
   *
   * @param largest the largest value that there was before, if it was asked for and there is one
   * @param isFull whether there may be more at once
   */
  record Chunk(
      EventBatch batch,
      List<BadRecord> bad,
      List<String> after,
      @Nullable String largest,
      boolean isFull) {}

  RowFetch(JdbcSettings settings, ReaderContext context) {
    this.settings = settings;
    this.context = context;
    this.wanted = context.schema();
    this.limit = Math.min(settings.fetchSize(), context.batchRows());
    this.rows = new EventBatchBuilder(wanted, limit);
  }

  private Relation relation(Connection connection) throws SQLException {
    Relation known = relation;
    if (known == null) {
      known = Relation.look(connection, settings, wanted);
      relation = known;
    }
    return known;
  }

  /** The largest value of the column now; null if there is none. */
  @Nullable String largest(Connection connection) throws SQLException {
    Relation read = relation(connection);
    String largest;
    try (PreparedStatement statement = prepared(connection, read.largest());
        ResultSet result = statement.executeQuery()) {
      largest = result.next() ? read.first().text(result, 1) : null;
    }
    connection.commit();
    return largest;
  }

  private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setQueryTimeout((int) Math.max(1, settings.database().timeout().toSeconds()));
    return statement;
  }

  /**
   * The next rows behind a position.
   *
   * @param bound the largest value that is read, or null
   * @param asksLargest whether the largest value is to be told, as it was before the rows were read
   */
  Chunk next(
      Connection connection,
      List<String> after,
      @Nullable String bound,
      int split,
      boolean asksLargest)
      throws SQLException {
    Relation read = relation(connection);
    String largest = asksLargest ? largest(connection) : null;
    if (after.size() > read.order().size()) {
      throw new IllegalArgumentException("it has more values than there are columns of the key");
    }
    String sql = read.next(after.size(), bound != null, split, limit);
    try (PreparedStatement statement = prepared(connection, sql)) {
      bind(statement, read, after, bound);
      List<String> last = after;
      List<BadRecord> bad = new ArrayList<>();
      int count = 0;
      try (ResultSet results = statement.executeQuery()) {
        while (results.next()) {
          count++;
          last = key(results, read);
          add(results, read, last, bad);
        }
      }
      connection.commit();
      return new Chunk(build(), bad, last, largest, count == limit);
    } catch (SQLException | RuntimeException e) {
      rows.build(); // what was read comes again
      throw e;
    }
  }

  private static void bind(
      PreparedStatement statement, Relation read, List<String> after, @Nullable String bound)
      throws SQLException {
    int at = 1;
    if (!after.isEmpty()) {
      read.first().bind(statement, at++, after.get(0));
    }
    if (after.size() > 1) {
      for (int i = 0; i < after.size(); i++) {
        KeyColumn column = read.order().get(i);
        column.bind(statement, at++, after.get(i));
        if (i < after.size() - 1) {
          column.bind(statement, at++, after.get(i));
        }
      }
    }
    if (bound != null) {
      read.first().bind(statement, at, bound);
    }
  }

  private List<String> key(ResultSet row, Relation read) throws SQLException {
    List<String> key = new ArrayList<>(read.order().size());
    int at = read.fields().size();
    for (KeyColumn column : read.order()) {
      String text = column.text(row, ++at);
      if (text == null) {
        throw new SQLException(
            "column " + column.name() + " of the key has no value in a row of " + settings.what(),
            "22004");
      }
      key.add(text);
    }
    return key;
  }

  private void add(ResultSet row, Relation read, List<String> key, List<BadRecord> bad)
      throws SQLException {
    List<SqlColumn> columns = read.fields();
    try {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).append(row, i + 1, wanted.type(i), rows.column(i));
      }
      rows.endRow(key.isEmpty() ? EventBatch.NO_TIMESTAMP : read.first().millis(key.get(0)));
    } catch (BadSqlValue e) {
      rows.abandonRow();
      bad.add(
          new BadRecord(
              text(row, columns),
              settings.what() + "@" + key,
              BadSqlValue.CODE,
              String.valueOf(e.getMessage())));
    }
  }

  /** The row for people, as an object of JSON. */
  private byte[] text(ResultSet row, List<SqlColumn> columns) throws SQLException {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      values.put(columns.get(i).name(), row.getString(i + 1));
    }
    return JSON.writeValueAsString(values).getBytes(StandardCharsets.UTF_8);
  }

  private EventBatch build() {
    return rows.build().withEnvelope(Envelope.ofSource(context.operatorId()));
  }

  /** The next of all rows, in the order in which the database gives them. */
  Chunk nextOfAll(Connection connection) throws SQLException {
    Relation read = relation(connection);
    ResultSet results = openRows;
    if (results == null) {
      PreparedStatement statement = prepared(connection, read.all());
      statement.setFetchSize(limit);
      open = statement;
      results = statement.executeQuery();
      openRows = results;
    }
    List<BadRecord> bad = new ArrayList<>();
    int count = 0;
    while (count < limit && results.next()) {
      count++;
      add(results, read, List.of(), bad);
    }
    boolean isFull = count == limit;
    PreparedStatement statement = open;
    if (!isFull && statement != null) {
      statement.close();
      connection.commit();
    }
    return new Chunk(build(), bad, List.of(), null, isFull);
  }
}
