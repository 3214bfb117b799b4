package io.fluxcore.adapters.in.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.kit.MariaDbServer;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The source on a real MariaDB. */
@Timeout(300)
final class MariaDbOutboxSourceIT {
  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static OutboxDatabase of(MariaDbServer server) {
    return new OutboxDatabase(server.url(), MariaDbServer.USER, MariaDbServer.PASSWORD);
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
                  + " (id bigint primary key, b boolean, d double, n decimal(20,5), y varbinary(9),"
                  + " born date, local_at datetime(6), t longtext)");
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
              .field("t", DataType.STRING)
              .build();
      try (Reading reading =
          new Reading(OutboxSourceBehaviour.source(database().options(table)), all, 100, null)) {
        database()
            .execute(
                "insert into "
                    + table
                    + " values (9007199254740993, true, 1e30, 12.5, x'00ff', '2026-01-31',"
                    + " '2026-01-31 10:00:00.123456', 'it''s \"ı\"')",
                "insert into " + table + " (id) values (2)");
        reading.until(2);
        assertThat(reading.rows)
            .containsExactly(
                "+I[9007199254740993, true, 1.0E30, 12.50000, 2 bytes, 2026-01-31,"
                    + " 2026-01-31T10:00:00.123456, it's \"ı\"]",
                "+I[2, null, null, null, null, null, null, null]");
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
      server.kill();
    }

    @Override
    protected void restartServer() {
      server.restart();
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
