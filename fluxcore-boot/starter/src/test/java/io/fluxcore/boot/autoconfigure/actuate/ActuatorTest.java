package io.fluxcore.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.boot.autoconfigure.FluxCoreAutoConfiguration;
import io.fluxcore.boot.autoconfigure.metrics.FluxCoreMetricsAutoConfiguration;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.infrastructure.metrics.JobMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

final class ActuatorTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  FluxCoreAutoConfiguration.class,
                  FluxCoreHealthAutoConfiguration.class,
                  FluxCoreEndpointAutoConfiguration.class,
                  FluxCoreMetricsAutoConfiguration.class))
          .withPropertyValues("management.endpoints.web.exposure.include=*");

  private static FluxCoreJob job(String name, boolean failing) {
    StreamTopology topology =
        StreamTopology.builder()
            .source("in", SourceConfig.generator().withCount(3).build())
            .transform(
                "check",
                TransformConfig.filter()
                    .withPredicate(
                        event -> {
                          if (failing) {
                            throw new IllegalStateException("on purpose");
                          }
                          return true;
                        })
                    .withErrorPolicy(ErrorPolicy.FAIL)
                    .build())
            .sink("out", SinkConfig.memory().withName("actuator").build())
            .build();
    return new FluxCoreJob(topology, JobConfig.builder().name(name).build());
  }

  private static JobStatus end(FluxCoreService service, String name) throws InterruptedException {
    return service.awaitEnd(service.findJob(name).orElseThrow(), Duration.ofSeconds(60));
  }

  @Test
  void failedJob_isADetailOfHealth_notItsStatus() {
    runner
        .withBean("good", FluxCoreJob.class, () -> job("good", false))
        .withBean("bad", FluxCoreJob.class, () -> job("bad", true))
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              assertThat(end(service, "good")).isEqualTo(JobStatus.FINISHED);
              assertThat(end(service, "bad")).isEqualTo(JobStatus.FAILED);
              Health health = context.getBean(HealthIndicator.class).health();
              assertThat(health.getStatus()).isEqualTo(Status.UP);
              assertThat(health.getDetails())
                  .containsEntry("jobs", Map.of(JobStatus.FINISHED, 1, JobStatus.FAILED, 1))
                  .containsEntry("failed", List.of("bad"));
            });
  }

  @Test
  void engineThatDoesNotAnswer_isDown() {
    FluxCoreService broken =
        (FluxCoreService)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {FluxCoreService.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("the store is gone");
                });
    Health health = new FluxCoreHealthIndicator(broken).health();
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails().get("error")).asString().contains("the store is gone");
  }

  @Test
  void info_tellsRuntimeAndConnectors() {
    runner.run(
        context -> {
          Info.Builder info = new Info.Builder();
          context.getBean(InfoContributor.class).contribute(info);
          @SuppressWarnings("unchecked")
          Map<String, Object> details = (Map<String, Object>) info.build().get("fluxcore");
          assertThat(details).containsEntry("runtime", "embedded");
          assertThat(details.get("sources")).asString().contains("file", "generator");
          assertThat(details.get("sinks")).asString().contains("console", "memory");
        });
  }

  @Test
  void endpoint_listsJobs_andShowsOneByNameOrId() {
    runner
        .withBean("good", FluxCoreJob.class, () -> job("good", false))
        .run(
            context -> {
              end(context.getBean(FluxCoreService.class), "good");
              FluxCoreEndpoint endpoint = context.getBean(FluxCoreEndpoint.class);
              FluxCoreEndpoint.Job listed = endpoint.jobs().jobs().get(0);
              assertThat(listed.name()).isEqualTo("good");
              assertThat(listed.status()).isEqualTo("FINISHED");
              FluxCoreEndpoint.Detail detail = endpoint.job("good");
              assertThat(detail).isNotNull().isEqualTo(endpoint.job(listed.id()));
              assertThat(detail.history()).extracting("event").contains("running");
              assertThat(detail.operators())
                  .filteredOn(operator -> operator.operator().equals("out"))
                  .singleElement()
                  .satisfies(operator -> assertThat(operator.counts().rowsIn()).isEqualTo(3));
              assertThat(endpoint.job("nobody")).isNull();
              assertThat(endpoint.job("job_0")).isNull();
            });
  }

  @Test
  void meters_areInTheApplicationsRegistry() {
    runner
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean("good", FluxCoreJob.class, () -> job("good", false))
        .run(
            context -> {
              end(context.getBean(FluxCoreService.class), "good");
              assertThat(context).hasSingleBean(JobMeters.class);
            });
    runner
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("fluxcore.metrics.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(JobMeters.class));
  }

  @Test
  void switchedOff_theyAreGone() {
    runner
        .withPropertyValues(
            "management.health.fluxcore.enabled=false",
            "management.info.fluxcore.enabled=false",
            "management.endpoint.fluxcore.access=NONE")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(HealthIndicator.class)
                    .doesNotHaveBean(InfoContributor.class)
                    .doesNotHaveBean(FluxCoreEndpoint.class));
  }
}
