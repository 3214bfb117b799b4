package io.fluxcore.adapters.out.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.job.InMemoryJobText;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.application.job.kit.PostgresServer;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store in a real PostgreSQL. */
@Timeout(300)
class PostgresStoreIT {
  private static PostgresServer server;
  private JdbcStore store;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    server.empty();
    store = JdbcStore.at(server.url(), null, null);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Nested
  class Contracts extends JdbcStoreContracts {
    @Override
    JdbcStore store() {
      return store;
    }
  }

  @Test
  void severalServers_shareIt() {
    assertThat(store.isShared()).isTrue();
    Job job = Job.submit(JobId.of(1, 1), JobConfig.builder().name("shared").build(), Instant.EPOCH);
    StoredJob stored =
        new StoredJob(
            job.id(), job.config(), new StoredTopology("x", List.of(), "x"), job.history());
    InMemoryJobText text = new InMemoryJobText();
    try (JdbcStore other = JdbcStore.at(server.url(), null, null)) {
      store.jobs(text, Duration.ofHours(1)).add(stored, "a");
      assertThat(other.jobs(text, Duration.ofHours(1)).find(job.id())).contains(stored);
      assertThat(other.jobs(text, Duration.ofHours(1)).acquire(job.id(), "b")).isEmpty();
    }
  }
}
