package io.fluxcore.adapters.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.job.kit.PostgresServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sink on a real PostgreSQL. */
@Timeout(300)
final class PostgresJdbcSinkIT {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  private static TestDatabase of(PostgresServer server) {
    return TestDatabase.postgres(server.url());
  }

  @Nested
  class Contracts extends JdbcSinkContracts {
    @Override
    TestDatabase database() {
      return of(server);
    }
  }

  @Nested
  class Behaviour extends JdbcSinkBehaviour {
    @Override
    TestDatabase database() {
      return of(server);
    }
  }

  /** Its locks would hold up its successor for as long as it sleeps. */
  @Test
  void ownerThatIsPausedAmidACommit_doesNotHoldUpItsSuccessor() {
    TestDatabase database = of(server);
    database.empty();
    Schema schema = Schema.builder().field("id", DataType.LONG).build();
    TwoPhaseSink sink = (TwoPhaseSink) JdbcSinkContracts.sink(database, schema);
    SinkOwner paused = new SinkOwner(JobId.of(1, 2), "out", new FencingToken(9));
    SinkOwner next = new SinkOwner(JobId.of(1, 2), "out", new FencingToken(10));
    sink.settle(paused, List.of(), Unknown.TAKE_BACK, RecordFailures.FAIL);
    JdbcOptions options =
        new JdbcOptions(
            database.url(),
            database.user(),
            null,
            null,
            null,
            "results",
            Map.of(),
            false,
            List.of(),
            1,
            Duration.ofMinutes(1),
            false);
    CommitTables tables = new CommitTables(Dialect.POSTGRESQL, "public");
    Connections asleep = new Connections(options);
    asleep.open(paused);
    try {
      AtomicInteger times = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  asleep.transaction(
                      connection -> {
                        tables.lockAsOwner(connection, paused);
                        times.incrementAndGet();
                        sink.settle(next, List.of(), Unknown.TAKE_BACK, RecordFailures.FAIL);
                        return tables.lock(connection, paused);
                      }))
          .hasMessageContaining(CheckpointRegistry.STALE_OWNER);
      assertThat(times).hasValue(1);
    } finally {
      asleep.close();
    }
  }
}
