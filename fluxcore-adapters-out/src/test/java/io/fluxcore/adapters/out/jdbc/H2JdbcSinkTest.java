package io.fluxcore.adapters.out.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The sink on H2. */
final class H2JdbcSinkTest {
  private static final TestDatabase DATABASE = TestDatabase.h2("jdbc-sink");

  @Nested
  class Contracts extends JdbcSinkContracts {
    @Override
    TestDatabase database() {
      return DATABASE;
    }
  }

  @Nested
  class Behaviour extends JdbcSinkBehaviour {
    @Override
    TestDatabase database() {
      return DATABASE;
    }
  }

  @Test
  void databaseThatDoesNotAnswer_isWaitedFor() {
    Schema schema = Schema.builder().field("id", DataType.LONG).build();
    String nowhere = "jdbc:h2:tcp://localhost:1/none";
    assertThatThrownBy(JdbcSinkContracts.sink(DATABASE, schema, "url", nowhere)::check)
        .isInstanceOf(TransientSinkException.class)
        .hasMessageContainingAll("FLX-JDBC-0005", nowhere);
  }
}
