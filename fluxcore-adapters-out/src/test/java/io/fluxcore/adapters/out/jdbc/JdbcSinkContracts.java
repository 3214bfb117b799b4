package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.application.connector.kit.TwoPhaseSinkContract;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The kits of connectors, on a database. */
abstract class JdbcSinkContracts {
  abstract TestDatabase database();

  @BeforeEach
  void emptyDatabase() {
    database().empty();
  }

  static Sink sink(TestDatabase database, Schema schema, Object... more) {
    Map<String, Object> options = options(database);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i].toString(), more[i + 1]);
    }
    JdbcSinkConnector connector = new JdbcSinkConnector();
    return connector.create(OptionParser.parse(connector.descriptor(), options).orThrow(), schema);
  }

  static Map<String, Object> options(TestDatabase database) {
    Map<String, Object> options = new HashMap<>();
    options.put("url", database.url());
    options.put("user", database.user());
    options.put("password", "");
    options.put("table", "results");
    options.put("createTable", true);
    return options;
  }

  @Nested
  class OfConnectors extends SinkConnectorContract {
    @Override
    protected SinkConnector connector() {
      return new JdbcSinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      return JdbcSinkContracts.options(database());
    }

    @Override
    protected Schema allTypes() {
      return Schema.of(
          ALL_TYPES.fields().stream()
              .filter(field -> field.type().kind() != DataType.Kind.NESTED)
              .toList());
    }

    /** H2 has one zero; PostgreSQL's texts have no U+0000. */
    @Override
    protected Object holdable(DataType type, Object value) {
      if (value instanceof Double number && number == 0) {
        return 0.0;
      }
      return value instanceof String text ? text.replace("\0", "") : value;
    }

    @Override
    protected List<List<@Nullable Object>> visibleRows(Schema schema) {
      return database().has("results")
          ? database().rows("select * from results", schema)
          : List.of();
    }
  }

  @Nested
  class OfTwoPhases extends TwoPhaseSinkContract {
    @Override
    protected TwoPhaseSink sink() {
      return (TwoPhaseSink) JdbcSinkContracts.sink(database(), PAIRS);
    }

    @Override
    protected List<Long> visibleIds() {
      return database().longs("select id from results");
    }

    @Override
    protected int waiting() {
      return database()
          .longs("select count(distinct transaction_id) from fluxcore_staged")
          .get(0)
          .intValue();
    }
  }

  @Nested
  class OfChangelogs extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      return JdbcSinkContracts.sink(
          database(), ROWS, "mode", "upsert", "key", List.of("id"), "batchSize", 7);
    }

    @Override
    protected List<List<@Nullable Object>> table() {
      return database().rows("select * from results", ROWS);
    }
  }

  @Nested
  class OfChangelogsAtLeastOnce extends OfChangelogs {
    @Override
    protected Sink sink() {
      return JdbcSinkContracts.sink(
          database(),
          ROWS,
          "mode",
          "upsert",
          "key",
          List.of("id"),
          "batchSize",
          11,
          "guarantee",
          "at-least-once");
    }
  }

  /** Rows that take the place of others. */
  @Nested
  class OfTwoPhasesByKey extends OfTwoPhases {
    @Override
    protected TwoPhaseSink sink() {
      return (TwoPhaseSink)
          JdbcSinkContracts.sink(
              database(), PAIRS, "mode", "upsert", "key", List.of("id"), "batchSize", 7);
    }

    @Override
    protected int manyRows() {
      return 60_000;
    }
  }
}
