package io.fluxcore.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.out.store.JdbcStore;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobRecovery;
import io.fluxcore.application.job.InMemoryJobStore;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class FluxCoreStoreAutoConfigurationTest {
  @TempDir private Path folder;

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  FluxCoreStoreAutoConfiguration.class, FluxCoreAutoConfiguration.class));

  private ApplicationContextRunner stored() {
    return runner.withPropertyValues("fluxcore.store.directory=" + folder.resolve("store"));
  }

  private static StreamTopology topology(TransformConfig filter) {
    return StreamTopology.builder()
        .source("in", SourceConfig.generator().withRate(100).build())
        .transform("some", filter)
        .sink("out", SinkConfig.memory().withName("stored").with("overflow", "dropOldest").build())
        .build();
  }

  private static StreamTopology portable() {
    return topology(TransformConfig.filter().withExpression("id > 3").build());
  }

  private static StreamTopology bound() {
    return topology(
        TransformConfig.filter().withPredicate(event -> event.getLong("id") > 3).build());
  }

  private static JobConfig config(String name) {
    return JobConfig.builder().name(name).checkpointInterval(Duration.ofMillis(100)).build();
  }

  private static void awaitRunning(FluxCoreService service, JobId id) throws InterruptedException {
    while (service.getJobStatus(id) != JobStatus.RUNNING) {
      service.awaitEnd(id, Duration.ofMillis(20));
    }
  }

  @Test
  void withoutAPlace_jobsAreKeptInMemory() {
    runner.run(
        context -> {
          assertThat(context.getBean(JobStore.class)).isInstanceOf(InMemoryJobStore.class);
          assertThat(context).doesNotHaveBean(JdbcStore.class);
          assertThat(context.getBean(JobRecovery.class).isRecovered()).isTrue();
        });
  }

  @Test
  void jobs_outliveTheApplication() {
    JobId[] id = new JobId[1];
    stored()
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              id[0] = service.submitJob(portable(), config("kept"));
              awaitRunning(service, id[0]);
            });
    stored()
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              assertThat(context.getBean(JobRecovery.class).awaitRecovery(Duration.ofMinutes(1)))
                  .isTrue();
              awaitRunning(service, id[0]);
              assertThat(service.getJob(id[0]).history())
                  .extracting(JobEvent::describe)
                  .anyMatch(line -> line.matches("taken on by server .*, from checkpoint \\d+"));
              service.cancelJob(id[0]);
              assertThat(service.awaitEnd(id[0], Duration.ofMinutes(1)))
                  .isEqualTo(JobStatus.CANCELLED);
            });
  }

  @Test
  void boundJob_goesOnWhenTheApplicationSubmitsItAgain() {
    ApplicationContextRunner declared =
        stored().withBean(FluxCoreJob.class, () -> new FluxCoreJob(bound(), config("bound")));
    declared.run(
        context -> {
          FluxCoreService service = context.getBean(FluxCoreService.class);
          awaitRunning(service, service.findJob("bound").orElseThrow());
        });
    stored()
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              JobId id = service.findJob("bound").orElseThrow();
              assertThat(service.getJobStatus(id)).isEqualTo(JobStatus.WAITING_FOR_CODE);
              assertThat(context.getBean(JobRecovery.class).isRecovered()).isTrue();
            });
    declared.run(
        context -> {
          FluxCoreService service = context.getBean(FluxCoreService.class);
          JobId id = service.findJob("bound").orElseThrow();
          awaitRunning(service, id);
          assertThat(service.listJobs()).hasSize(1);
          assertThat(service.getJob(id).history())
              .extracting(JobEvent::describe)
              .contains("submitted again");
        });
  }

  @Test
  void dataSourceOfTheApplication_isUsedWhereThatIsSaid() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve("application"));
    runner
        .withPropertyValues(
            "fluxcore.store.use-data-source=true",
            "fluxcore.checkpoints.directory=" + folder.resolve("checkpoints"))
        .withBean(DataSource.class, () -> source)
        .run(context -> assertThat(context).hasSingleBean(JdbcStore.class));
  }

  @Test
  void whatIsMissing_keepsTheApplicationFromStarting() {
    List.of("fluxcore.store.use-data-source=true", "fluxcore.store.url=jdbc:h2:mem:x")
        .forEach(
            property ->
                runner
                    .withPropertyValues(property)
                    .run(
                        context ->
                            assertThat(context)
                                .getFailure()
                                .rootCause()
                                .message()
                                .containsAnyOf("FLX-BOOT-0005", "FLX-BOOT-0007")));
    stored()
        .withClassLoader(new FilteredClassLoader(Flyway.class))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("FLX-BOOT-0006")
                    .hasMessageContaining("flyway-core"));
  }
}
