package io.fluxcore.adapters.out.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.job.InMemoryJobText;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTest {
  private static final int MOST_CONNECTIONS = 8;

  @TempDir private Path folder;

  @Nested
  class Contracts extends JdbcStoreContracts {
    private JdbcStore store;

    @BeforeEach
    void open() {
      store = JdbcStore.inDirectory(folder);
    }

    @AfterEach
    void close() {
      store.close();
    }

    @Override
    JdbcStore store() {
      return store;
    }
  }

  private static StoredJob job(String name) {
    Job job =
        Job.submit(
            JobId.of(1, name.hashCode()), JobConfig.builder().name(name).build(), Instant.EPOCH);
    return new StoredJob(
        job.id(), job.config(), new StoredTopology("x", List.of(), "x"), job.history());
  }

  @Test
  void jobs_areThereAfterTheStoreWasClosed() {
    InMemoryJobText text = new InMemoryJobText();
    StoredJob job = job("kept");
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      store.jobs(text, Duration.ofHours(1)).add(job, "a");
      assertThat(store.isShared()).isFalse();
    }
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      assertThat(store.jobs(text, Duration.ofHours(1)).find(job.id())).contains(job);
    }
  }

  @Test
  void databaseOfAnApplication_isSharedWithItsTables_andLeftOpen() throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve("application"));
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table customer (id bigint primary key)");
      try (JdbcStore store = JdbcStore.of(source)) {
        assertThat(store.jobs(new InMemoryJobText(), Duration.ofHours(1)).entries()).isEmpty();
      }
      statement.execute("insert into customer values (1)");
      JdbcStore.of(source).close();
    }
  }

  @Test
  void fileThatAnotherProcessHas_isRefused() throws Exception {
    JdbcStore.inDirectory(folder).close();
    try (FileChannel file =
            FileChannel.open(folder.resolve("jobs.mv.db"), StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> JdbcStore.inDirectory(folder))
          .hasMessageContaining("FLX-STORE-0003")
          .hasMessageContaining("PostgreSQL");
    }
    JdbcStore.inDirectory(folder).close();
  }

  /** As H2 does when it cannot write, on a full disk. */
  @Test
  void databaseThatClosedItself_isOpenedAgain() throws Exception {
    StoredJob job = job("kept");
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      JobStore jobs = store.jobs(new InMemoryJobText(), Duration.ofHours(1));
      jobs.add(job, "a");
      try (Connection connection = DriverManager.getConnection(JdbcStore.urlOf(folder));
          Statement statement = connection.createStatement()) {
        statement.execute("shutdown immediately");
      }
      int failures = 0;
      while (failures <= MOST_CONNECTIONS && !isFound(jobs, job)) {
        failures++;
      }
      assertThat(failures).as("failures, at most one a connection").isBetween(1, MOST_CONNECTIONS);
      assertThat(jobs.entries()).extracting(JobEntry::id).containsExactly(job.id());
    }
  }

  private static boolean isFound(JobStore jobs, StoredJob job) {
    try {
      return jobs.find(job.id()).isPresent();
    } catch (FluxCoreException e) {
      assertThat(e).hasMessageContaining("FLX-STORE-0002");
      return false;
    }
  }

  /** A job that is cancelled may be at the store at that moment. */
  @Test
  void interruptedThread_getsItsAnswer_andLeavesTheDatabaseOpen() {
    StoredJob job = job("kept");
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      JobStore jobs = store.jobs(new InMemoryJobText(), Duration.ofHours(1));
      Thread.currentThread().interrupt();
      jobs.add(job, "a");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(jobs.entries()).extracting(JobEntry::id).containsExactly(job.id());
    }
  }

  @Test
  void jobsOfServersThatHaveEnded_areFreeAtOnce() {
    InMemoryJobText text = new InMemoryJobText();
    StoredJob job = job("left");
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      JobStore jobs = store.jobs(text, Duration.ofHours(1));
      jobs.add(job, "a#1");
      store.forget("b#");
      assertThat(jobs.acquire(job.id(), "a#2")).isEmpty();
      store.forget("a#");
      assertThat(jobs.acquire(job.id(), "a#2")).isPresent();
    }
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      // The file serves one process: whoever had jobs is gone.
      assertThat(store.jobs(text, Duration.ofHours(1)).acquire(job.id(), "a#3")).isPresent();
    }
  }

  @Test
  void whatIsNoStore_saysWhatIs() {
    assertThatThrownBy(() -> JdbcStore.at("jdbc:oracle:thin:@//x", null, null))
        .hasMessageContaining("FLX-STORE-0005")
        .hasMessageContaining("jdbc:postgresql");
    assertThatThrownBy(() -> JdbcStore.at("jdbc:h2:file:/proc/cannot/be/written/jobs", null, null))
        .hasMessageContaining("FLX-STORE-0002");
  }

  @Test
  void checkpoints_ofAllServers_areInOnePlace_whileJobsNeedThem() {
    try (JdbcStore store = JdbcStore.inDirectory(folder)) {
      JobStore jobs = store.jobs(new InMemoryJobText(), Duration.ofHours(1));
      store.checkpointsAreAt("here", jobs.entries());
      store.checkpointsAreAt("there", jobs.entries());
      StoredJob job = job("needs");
      long token = jobs.add(job, "a");
      store.checkpointsAreAt("there", jobs.entries());
      assertThatThrownBy(() -> store.checkpointsAreAt("here", jobs.entries()))
          .hasMessageContaining("FLX-STORE-0004")
          .hasMessageContaining("at here")
          .hasMessageContaining("at there");
      JobEvent end = new JobEvent.Ended(Instant.EPOCH, JobStatus.CANCELLED);
      jobs.append(job.id(), token, end, JobStatus.CANCELLED);
      store.checkpointsAreAt("here", jobs.entries());
      assertThat(jobs.entries()).extracting(JobEntry::status).containsExactly(JobStatus.CANCELLED);
    }
  }
}
