package io.fluxcore.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.memory.MemorySinkConnector;
import io.fluxcore.adapters.out.redisstate.RedisStateBackends;
import io.fluxcore.adapters.out.redisstate.RedisStateSettings;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectorDefaults;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.boot.FluxCoreJob;
import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.ScalarFunction;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.lettuce.core.RedisClient;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

final class FluxCoreAutoConfigurationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(FluxCoreAutoConfiguration.class));

  @BeforeEach
  void forget() {
    List.of("default", "bean", "shout", "declared").forEach(MemorySinkConnector::clear);
  }

  private static StreamTopology topology(SourceConfig source, String collection) {
    return StreamTopology.builder()
        .source("in", source)
        .sink("out", SinkConfig.memory().withName(collection).build())
        .build();
  }

  private static StreamTopology endless() {
    return topology(SourceConfig.generator().withRate(100).build(), "default");
  }

  private static JobConfig named(String name) {
    return JobConfig.builder().name(name).build();
  }

  @Test
  void service_runsJobs() {
    runner.run(
        context -> {
          FluxCoreService service = context.getBean(FluxCoreService.class);
          JobId id =
              service.submitJob(
                  topology(SourceConfig.generator().withCount(10).build(), "default"),
                  named("ten"));
          assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
          assertThat(MemorySinkConnector.rows("default")).hasSize(10);
        });
  }

  @Test
  void stateInRedis_needsItsLibrary() {
    JobConfig config = JobConfig.builder().name("far").stateBackend("redis").build();
    runner
        .withClassLoader(new FilteredClassLoader(RedisClient.class))
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              assertThatThrownBy(() -> service.submitJob(endless(), config))
                  .hasMessageContaining("FLX-RUN-0009")
                  .hasMessageContaining("io.lettuce:lettuce-core");
            });
  }

  @Test
  void propertiesOfRedis_areChecked() {
    runner
        .withPropertyValues(
            "fluxcore.state.redis.host=redis.example",
            "fluxcore.state.redis.port=7000",
            "fluxcore.state.redis.tls=true",
            "fluxcore.state.redis.password=hidden")
        .run(
            context -> {
              RedisStateSettings settings = context.getBean(RedisStateBackends.class).settings();
              assertThat(settings.uri()).isEqualTo("rediss://redis.example:7000/0");
              assertThat(settings.password()).isEqualTo("hidden");
              assertThat(context.getBean(FluxCoreProperties.class).toString())
                  .doesNotContain("hidden");
            });
    runner
        .withPropertyValues("fluxcore.state.redis.batch-size=0")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("fluxcore.state.redis.batch-size"));
  }

  @Test
  void lambda_mayUseABean() {
    runner
        .withBean(Threshold.class, () -> new Threshold(7))
        .run(
            context -> {
              Threshold threshold = context.getBean(Threshold.class);
              StreamTopology topology =
                  StreamTopology.builder()
                      .source("in", SourceConfig.generator().withCount(10).build())
                      .transform(
                          "above",
                          TransformConfig.filter()
                              .withPredicate(event -> threshold.passes(event.getLong("id")))
                              .build())
                      .sink("out", SinkConfig.memory().withName("bean").build())
                      .build();
              FluxCoreService service = context.getBean(FluxCoreService.class);
              JobId id = service.submitJob(topology, named("bound"));
              assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
              assertThat(MemorySinkConnector.rows("bean"))
                  .extracting(row -> row.getLong("id"))
                  .containsExactly(7L, 8L, 9L);
            });
  }

  private record Threshold(long limit) {
    boolean passes(long value) {
      return value >= limit;
    }
  }

  @Test
  void jobFile_mayCallAFunctionThatIsABean() {
    runner
        .withUserConfiguration(Shouting.class)
        .withPropertyValues(
            "fluxcore.jobs.locations=classpath:jobs/sh*.yaml", "fluxcore.jobs.parameters.events=2")
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              JobId id = service.findJob("shout").orElseThrow();
              assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
              assertThat(MemorySinkConnector.rows("shout"))
                  .extracting(row -> row.getString("word"))
                  .containsExactly("HELLO", "HELLO");
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Shouting {
    @Bean
    ScalarFunction shout() {
      return ScalarFunction.of(
          "shout",
          DataType.STRING,
          List.of(DataType.STRING),
          arguments ->
              arguments[0] == null ? null : arguments[0].toString().toUpperCase(Locale.ROOT));
    }
  }

  @Test
  void jobFile_mayNameAnAggregateFunctionThatIsABean() {
    runner
        .withBean(DigitSum.class)
        .withPropertyValues("fluxcore.jobs.locations=classpath:jobs/aggregates/digits.yaml")
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              JobId id = service.findJob("digits").orElseThrow();
              assertThat(service.awaitEnd(id, PATIENCE)).isEqualTo(JobStatus.FINISHED);
              assertThat(MemorySinkConnector.rows("digits"))
                  .extracting(row -> row.getLong("digits"))
                  .containsExactly(48L); // of 0 to 11
            });
  }

  /** The sum of the digits of whole numbers. */
  static final class DigitSum implements AggregateFunction<Long> {
    @Override
    public String name() {
      return "digits";
    }

    @Override
    public DataType resultType(DataType input) {
      return DataType.LONG;
    }

    @Override
    public Long create() {
      return 0L;
    }

    @Override
    public Long accumulate(Long sum, Object value) {
      return sum + String.valueOf(value).chars().map(digit -> digit - '0').sum();
    }

    @Override
    public Long merge(Long left, Long right) {
      return left + right;
    }

    @Override
    public Object result(Long sum) {
      return sum;
    }

    @Override
    public StateSerializer<Long> serializer() {
      return new StateSerializer<>() {
        @Override
        public String id() {
          return "digits";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public void write(Long sum, DataOutput out) throws IOException {
          out.writeLong(sum);
        }

        @Override
        public Long read(DataInput in, int version) throws IOException {
          return in.readLong();
        }
      };
    }
  }

  @Test
  void optionsOfAllJobs_areUsedWhereAJobGivesNone() {
    runner
        .withPropertyValues(
            "fluxcore.connectors.generator.count=7",
            "fluxcore.connectors.generator.start-time=2026-02-01T00:00:00Z")
        .withBean(
            "connections",
            ConnectorDefaults.class,
            () -> connector -> Map.of("count", 3, "seed", 1, "address", "of another connector"))
        .run(
            context -> {
              FluxCoreService service = context.getBean(FluxCoreService.class);
              JobId seven =
                  service.submitJob(
                      topology(SourceConfig.generator().build(), "default"), named("seven"));
              assertThat(service.awaitEnd(seven, PATIENCE)).isEqualTo(JobStatus.FINISHED);
              assertThat(MemorySinkConnector.rows("default"))
                  .hasSize(7)
                  .allMatch(row -> row.timestamp() >= 1_769_904_000_000L);
              JobId two =
                  service.submitJob(
                      topology(SourceConfig.generator().withCount(2).build(), "bean"),
                      named("two"));
              assertThat(service.awaitEnd(two, PATIENCE)).isEqualTo(JobStatus.FINISHED);
              assertThat(MemorySinkConnector.rows("bean")).hasSize(2);
            });
  }

  @Test
  void optionsOfAllJobs_areNotPrinted() {
    runner
        .withPropertyValues("fluxcore.connectors.jdbc.password=hidden")
        .run(
            context ->
                assertThat(context.getBean(FluxCoreProperties.class).toString())
                    .contains("jdbc")
                    .doesNotContain("hidden"));
  }

  @Test
  void optionOfAllJobs_thatNoConnectorHas_isRefused() {
    runner
        .withPropertyValues("fluxcore.connectors.generator.cuont=7")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("fluxcore.connectors.generator.cuont")
                    .hasMessageContaining("did you mean 'count'?"));
    runner
        .withPropertyValues("fluxcore.connectors.genertor.count=7")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("did you mean 'generator'?"));
  }

  @Test
  void connectorBean_isFoundByName_andGoesBeforeTheClassPath() {
    runner
        .withBean("first", SinkConnector.class, () -> new NamedSink("pigeon"))
        .withBean("second", SinkConnector.class, () -> new NamedSink("file"))
        .run(
            context -> {
              ConnectorRegistry connectors = context.getBean(ConnectorRegistry.class);
              assertThat(connectors.sink("pigeon")).isInstanceOf(NamedSink.class);
              assertThat(connectors.sink("file")).isInstanceOf(NamedSink.class);
              assertThat(connectors.sink("memory")).isInstanceOf(MemorySinkConnector.class);
              assertThat(connectors.source("file").descriptor().name()).isEqualTo("file");
            });
  }

  /** A sink that is only there. */
  private record NamedSink(String name) implements SinkConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return new ConnectorDescriptor(
          name, "For tests.", List.of(), Set.of(), DeliveryGuarantee.AT_MOST_ONCE);
    }

    @Override
    public Sink create(ConnectorOptions options, Schema schema) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void twoConnectorBeansOfAName_areRefused() {
    runner
        .withBean("first", SinkConnector.class, () -> new NamedSink("pigeon"))
        .withBean("second", SinkConnector.class, () -> new NamedSink("pigeon"))
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("two sink connectors are named 'pigeon'", "[FLX-CONN-0007]"));
  }

  @Test
  void jobBean_isSubmittedAtStart_andEndsWithTheContext() {
    FluxCoreService[] service = new FluxCoreService[1];
    runner
        .withBean(FluxCoreJob.class, () -> new FluxCoreJob(endless(), named("declared")))
        .run(
            context -> {
              service[0] = context.getBean(FluxCoreService.class);
              assertThat(statusOf(service[0], "declared").isTerminal()).isFalse();
            });
    assertThat(statusOf(service[0], "declared")).isEqualTo(JobStatus.STOPPED);
  }

  private static JobStatus statusOf(FluxCoreService service, String name) {
    return service.getJobStatus(service.findJob(name).orElseThrow());
  }

  @Test
  void jobsAreCancelled_whereThatIsTheMode() {
    assertThat(endWith("fluxcore.shutdown.mode=cancel")).isEqualTo(JobStatus.CANCELLED);
  }

  @Test
  void jobsDoNotOutliveTheContext_howeverShortTheTime() {
    assertThat(endWith("fluxcore.shutdown.timeout=0s"))
        .isIn(JobStatus.CANCELLED, JobStatus.STOPPED);
  }

  private JobStatus endWith(String property) {
    FluxCoreService[] service = new FluxCoreService[1];
    runner
        .withPropertyValues(property)
        .withBean(FluxCoreJob.class, () -> new FluxCoreJob(endless(), named("declared")))
        .run(context -> service[0] = context.getBean(FluxCoreService.class));
    return statusOf(service[0], "declared");
  }

  @Test
  void declaredJobs_areLeftAlone_whereThatIsSaid() {
    runner
        .withPropertyValues("fluxcore.jobs.submit=false")
        .withBean(FluxCoreJob.class, () -> new FluxCoreJob(endless(), named("declared")))
        .run(context -> assertThat(context.getBean(FluxCoreService.class).listJobs()).isEmpty());
  }

  @Test
  void declaredJobThatCannotRun_keepsTheApplicationFromStarting() {
    runner
        .withPropertyValues("fluxcore.jobs.locations=classpath:jobs/broken.yaml")
        .withBean(FluxCoreJob.class, () -> new FluxCoreJob(endless(), named("declared")))
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("FluxCore cannot start", "broken.yaml", "line 6", "'nowhere'", "FLX-");
              assertThat(analysis.getAction()).isNotBlank();
            });
  }

  @Test
  void missingJobFile_andUselessParameter_areToldOf() {
    runner
        .withPropertyValues("fluxcore.jobs.locations=classpath:jobs/none.yaml")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("fluxcore.jobs.locations[0]", "jobs/none.yaml", "[FLX-BOOT-0002]"));
    runner
        .withPropertyValues(
            "fluxcore.jobs.locations=classpath:jobs/none-*.yaml", "fluxcore.jobs.parameters.a=1")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("fluxcore.jobs.parameters", "[a]", "[FLX-BOOT-0003]"));
  }

  @Test
  void bucketWithoutItsLibraries_isToldOf_beforeADirectoryIsLookedAt() {
    runner
        .withPropertyValues(
            "fluxcore.checkpoints.s3.bucket=mine", "fluxcore.checkpoints.directory=/nowhere")
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("fluxcore.checkpoints.s3.bucket", "'mine'", "[FLX-BOOT-0009]");
              assertThat(analysis.getAction())
                  .contains("software.amazon.awssdk:s3", "url-connection-client");
            });
  }

  @Test
  void halfAnAccessKey_isToldOf() {
    runner
        .withPropertyValues(
            "fluxcore.checkpoints.s3.bucket=mine", "fluxcore.checkpoints.s3.access-key=half")
        .run(
            context ->
                assertThat(analyze(context.getStartupFailure()).getDescription())
                    .contains("fluxcore.checkpoints.s3.secret-key", "[FLX-BOOT-0001]"));
  }

  @Test
  void valueThatCannotBe_isNamedWithItsProperty() {
    runner
        .withPropertyValues("fluxcore.embedded.channel-size=0B")
        .run(
            context -> {
              FailureAnalysis analysis = analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("fluxcore.embedded.channel-size: 0B", "[FLX-BOOT-0001]");
              assertThat(analysis.getAction()).isEqualTo("set it to more than 0B");
            });
  }

  private static FailureAnalysis analyze(Throwable failure) {
    assertThat(failure).hasRootCauseInstanceOf(FluxCoreException.class);
    FailureAnalysis analysis = new FluxCoreFailureAnalyzer().analyze(failure);
    assertThat(analysis).isNotNull();
    return analysis;
  }

  @Test
  void properties_reachTheirParts() {
    runner
        .withPropertyValues("fluxcore.zone=Pacific/Chatham")
        .run(
            context ->
                assertThat(context.getBean(ExpressionContext.class).zone())
                    .isEqualTo(ZoneId.of("Pacific/Chatham")));
  }

  @Test
  void beanOfTheApplication_goesFirst() {
    DeadLetters own = new InMemoryDeadLetters(1);
    runner
        .withBean(DeadLetters.class, () -> own)
        .run(context -> assertThat(context.getBean(DeadLetters.class)).isSameAs(own));
  }

  @Test
  void nothingIsThere_whenSwitchedOff() {
    runner
        .withPropertyValues("fluxcore.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(FluxCoreService.class));
  }
}
