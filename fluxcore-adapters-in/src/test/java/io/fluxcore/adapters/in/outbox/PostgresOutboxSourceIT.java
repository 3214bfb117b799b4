package io.fluxcore.adapters.in.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.kit.PostgresServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The source on a real PostgreSQL. */
@Timeout(300)
final class PostgresOutboxSourceIT {
  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.startLogical(); // can be stopped and started again
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  private static OutboxDatabase of(PostgresServer server) {
    String url = server.url();
    return new OutboxDatabase(url.substring(0, url.indexOf('?')), "postgres", "none");
  }

  @Nested
  class Behaviour extends OutboxSourceBehaviour {
    @Override
    OutboxDatabase database() {
      return of(server);
    }

    @Test
    void everyType_isReadAsTheFieldWantsIt() {
      String table = OutboxDatabase.newName();
      database()
          .execute(
              "create table "
                  + table
                  + " (id bigint primary key, b boolean, d double precision, n numeric(20,5), y"
                  + " bytea, born date, local_at timestamp, at timestamptz, j jsonb, l text[])");
      database().install(table);
      Schema all =
          Schema.builder()
              .field("id", DataType.LONG)
              .field("b", DataType.BOOLEAN)
              .field("d", DataType.DOUBLE)
              .field("n", DataType.decimal(20, 5))
              .field("y", DataType.BYTES)
              .field("born", DataType.DATE)
              .field("local_at", DataType.TIMESTAMP)
              .field("at", DataType.TIMESTAMP_TZ)
              .field("j", DataType.NESTED)
              .field("l", DataType.NESTED)
              .field("__table", DataType.STRING)
              .build();
      try (Reading reading =
          new Reading(OutboxSourceBehaviour.source(database().options(table)), all, 100, null)) {
        database()
            .execute(
                "insert into "
                    + table
                    + " values (9007199254740993, true, 1e300, 12.5, '\\x00ff', '2026-01-31',"
                    + " '2026-01-31 10:00:00.123456', '2026-01-31 10:00:00.5+02', '{\"a\": [1]}',"
                    + " '{p,null}')",
                "insert into " + table + " (id) values (2)",
                "truncate " + table);
        reading.until(3);
        assertThat(reading.rows)
            .containsExactly(
                "+I[9007199254740993, true, 1.0E300, 12.50000, 2 bytes, 2026-01-31,"
                    + " 2026-01-31T10:00:00.123456, 2026-01-31T08:00:00.500Z, {a=[1]}, [p, null], "
                    + table
                    + "]",
                "+I[2, null, null, null, null, null, null, null, null, null, " + table + "]");
        assertThat(reading.bad)
            .singleElement()
            .satisfies(b -> assertThat(b.message()).contains("truncated"));
      }
    }
  }

  @Nested
  class Faults extends OutboxFaults {
    @Override
    OutboxDatabase database() {
      return of(server);
    }

    @Override
    protected void killServer() {
      server.stop();
    }

    @Override
    protected void restartServer() {
      server.startAgain();
    }

    @Override
    protected void pauseServer() {
      server.pause();
    }

    @Override
    protected void resumeServer() {
      server.resume();
    }
  }
}
