package io.fluxcore.adapters.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.kit.LookupContract;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.join.LookupTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that are looked up in a table of any database. */
abstract class JdbcLookupCases extends LookupContract {
  abstract TestDatabase database();

  /** The amount is of a type that holds more than the field. */
  @BeforeEach
  void makeTable() {
    database().empty();
    database()
        .execute(
            "create table items (id integer, \"CODE\" varchar(40), name varchar(100), amount"
                + " numeric(30, 5), ratio double precision, price numeric(14, 4), active boolean,"
                + " \"day\" date, seen timestamp(6), changed timestamp(6) with time zone, other"
                + " integer not null)");
  }

  @Override
  protected LookupConnector connector() {
    return new JdbcLookupConnector();
  }

  @Override
  protected Map<String, Object> options(String key) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", database().url());
    options.put("user", database().user());
    options.put("password", "");
    options.put("table", "Items");
    return options;
  }

  @Override
  protected void put(long id, String code, List<List<@Nullable Object>> rows) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database().url(), database().user(), "");
        PreparedStatement statement =
            connection.prepareStatement(
                "insert into items values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")) {
      for (List<@Nullable Object> row : rows) {
        statement.setLong(1, id);
        statement.setString(2, code);
        for (int i = 0; i < row.size(); i++) {
          Object value = row.get(i);
          statement.setObject(
              i + 3,
              value instanceof java.time.Instant instant
                  ? instant.atOffset(java.time.ZoneOffset.UTC)
                  : value);
        }
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  @Override
  protected void putWrong(long id) {
    database().execute("insert into items (id, amount, other) values (" + id + ", 1.5, 1)");
  }

  @Override
  protected Map<String, Object> missing() {
    Map<String, Object> options = options("id");
    options.put("table", "itmes");
    return options;
  }

  @Test
  void columnThatIsMissing_isNamed_beforeAnythingIsAsked() {
    Map<String, Object> options = options("id");
    options.put("columns", Map.of("name", "nmae"));
    assertThatThrownBy(
            () ->
                connector()
                    .create(
                        OptionParser.parse(connector().descriptor(), options).orThrow(),
                        new LookupTable(
                            Schema.of(KEYS.field(0)), Schema.of(FIELDS.field(0)), TIMEOUT))
                    .check())
        .hasMessageContaining("has no column 'nmae' for field 'name'");
  }

  @Test
  void columnsOfOtherNames_areRead() throws Exception {
    database().execute("insert into items (id, \"CODE\", other) values (1, 'x', 1)");
    Map<String, Object> options = options("id");
    options.put("columns", Map.of("name", "code", "id", "ID"));
    try (LookupReader reader =
        connector()
            .create(
                OptionParser.parse(connector().descriptor(), options).orThrow(),
                new LookupTable(Schema.of(KEYS.field(0)), Schema.of(FIELDS.field(0)), TIMEOUT))
            .createReader("lookup", 0)) {
      assertThat(reader.ask(List.of(List.of(1L))).get(0).rows().get(0)).containsExactly("x");
    }
  }
}
