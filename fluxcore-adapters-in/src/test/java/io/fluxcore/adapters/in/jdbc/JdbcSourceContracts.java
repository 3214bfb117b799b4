package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** The contract of sources, for rows of one time that only their key tells apart. */
abstract class JdbcSourceContracts extends SourceConnectorContract {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("name", DataType.STRING)
          .field("changed", DataType.TIMESTAMP)
          .build();

  abstract TestDatabase database();

  /** The type of times without zone that may be null. */
  String timeType() {
    return "timestamp(6)";
  }

  /** Three rows of each second, whose keys are not in the order of their times; one bad row. */
  @BeforeEach
  void fill() {
    List<String> statements = new ArrayList<>();
    statements.add("drop table if exists contract_rows");
    statements.add("drop table if exists contract_nothing");
    String columns =
        " (id bigint primary key, name varchar(20), changed " + timeType() + ", n numeric)";
    statements.add("create table contract_rows" + columns);
    statements.add("create table contract_nothing" + columns);
    for (int i = 0; i < 12; i++) {
      statements.add(
          "insert into contract_rows values ("
              + id(i)
              + ", 'ünï "
              + i
              + "', timestamp '"
              + time(i).toString().replace('T', ' ')
              + "', 1)");
    }
    statements.add("insert into contract_rows values (99, 'none', null, 1)");
    database().execute(statements.toArray(String[]::new));
  }

  private static long id(int i) {
    return 50 - 10L * (i / 3) + i % 3;
  }

  private static LocalDateTime time(int i) {
    return LocalDateTime.of(2026, 3, 1, 10, 0, 1 + i / 3, 123_456_000);
  }

  @Override
  protected SourceConnector connector() {
    return new JdbcSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return database()
        .options("table", "Contract_Rows", "column", "changed", "bounded", true, "fetchSize", 4);
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Instant time = time(i).toInstant(ZoneOffset.UTC);
      rows.add(
          EventRecord.of(SCHEMA, RowKind.INSERT, time.toEpochMilli(), id(i), "ünï " + i, time(i)));
    }
    return List.of(rows);
  }

  @Override
  protected @Nullable Map<String, Object> emptyOptions() {
    return database().options("table", "contract_nothing", "column", "changed", "bounded", true);
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return database()
        .options(
            "table",
            "a",
            "query",
            "select 1",
            "startFrom",
            "latest",
            "fetchSize",
            0,
            "queryTimeout",
            "0s",
            "splits",
            100);
  }
}
