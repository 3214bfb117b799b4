package io.fluxcore.application.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.SourceTable;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.join.OutsideTable;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.topology.DeduplicateConfig;
import io.fluxcore.domain.topology.FullLookupConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.JoinNode;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans of lookup joins: where they are, what they ask for, and what they cannot promise. */
class LookupPlanTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.TIMESTAMP_TZ)
          .field("host", DataType.STRING)
          .field("path", DataType.STRING)
          .field("bytes", DataType.LONG)
          .build();

  private static LookupConfig.Builder lookup() {
    return JoinConfig.lookup("table")
        .withOn("host", "name")
        .withField("owner", DataType.STRING)
        .withField("rack", DataType.LONG);
  }

  private static StreamTopology topology(JoinNode lookup, String sink) {
    return StreamTopology.builder()
        .source(
            "log",
            SourceConfig.connector("replayed")
                .withSchema(SCHEMA)
                .withTimestampField("time")
                .build())
        .transform("found", lookup)
        .transform("some", TransformConfig.project().withFields("path", "right_rack").build())
        .sink("out", SinkConfig.connector(sink).build())
        .build();
  }

  private static JobConfig.Builder job() {
    return JobConfig.builder().name("test").parallelism(2);
  }

  @Test
  void rowsOfAKey_areBroughtTogether_andOnlyWhatIsUsedIsAskedFor() {
    ExecutionPlan plan =
        Connectors.PLANNER.plan(topology(lookup().build(), "store"), job().build());
    assertThat(PlanPrinter.print(plan))
        .contains("→ stage 1 found, by key host, (host string, path string)")
        .contains("found: inner lookup in table, on host = name, gets owner, rack [not");
    OutsideTable made = plan.lookups().get("found");
    assertThat(made).isInstanceOf(Connectors.FakeLookup.class);
    Connectors.FakeLookup fake = (Connectors.FakeLookup) made;
    assertThat(fake.table().key()).isEqualTo(Schema.of(new Field("name", DataType.STRING)));
    assertThat(fake.table().fields()).isEqualTo(Schema.of(new Field("rack", DataType.LONG)));
    assertThat(fake.table().timeout()).isEqualTo(LookupConfig.DEFAULT_TIMEOUT);
  }

  @Test
  void exactlyOnce_belowALookup_needsTransactions() {
    JobConfig exact =
        job()
            .deliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .checkpointInterval(Duration.ofSeconds(1))
            .build();
    assertThatThrownBy(
            () -> Connectors.PLANNER.plan(topology(lookup().build(), "idempotent"), exact))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-PLAN-0006");
    Connectors.PLANNER.plan(topology(lookup().build(), "transactional"), exact);
  }

  private static List<String> findings(JoinNode lookup, JobConfig job) {
    return Connectors.PLANNER.validate(topology(lookup, "store"), job).stream()
        .map(Diagnostic::toString)
        .toList();
  }

  @Test
  void whatItsConnectorFindsWrong_isToldOfTheNode() {
    assertThat(findings(lookup().with("path", "wrong").build(), job().build()))
        .singleElement()
        .asString()
        .contains("node 'found'")
        .contains("it is wrong");
    assertThat(findings(lookup().with("pth", "x").build(), job().build()))
        .singleElement()
        .asString()
        .contains("FLX-CONN-0002");
    assertThatThrownBy(
            () ->
                Connectors.PLANNER.plan(
                    topology(lookup().with("path", "wrong").build(), "store"), job().build()))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("it is wrong");
  }

  @Test
  void connectorThatIsNotThere_isTold_withThoseThatAre() {
    LookupConfig other =
        JoinConfig.lookup("tabel").withOn("host").withField("rack", DataType.LONG).build();
    assertThat(findings(other, job().build()))
        .singleElement()
        .asString()
        .contains("there is no lookup connector 'tabel'")
        .contains("table");
  }

  private static FullLookupConfig.Builder inMemory(String connector) {
    return JoinConfig.fullLookup(connector)
        .withOn("host", "name")
        .withField("owner", DataType.STRING)
        .withField("rack", DataType.LONG);
  }

  @Test
  void rowsStayWhereTheyAre_whereTheTableIsInMemory() {
    ExecutionPlan plan =
        Connectors.PLANNER.plan(topology(inMemory("ending").build(), "store"), job().build());
    assertThat(plan.stages()).hasSize(1);
    assertThat(PlanPrinter.print(plan))
        .contains("found: inner lookup in ending, which is held in memory, on host = name, gets")
        .contains("reads (time timestamp_tz, host string, path string)");
    assertThat(plan.lookups().get("found")).isInstanceOf(SourceTable.class);
  }

  @Test
  void keyThatRowsAreTogetherBy_isKnownBehindATableInMemory() {
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "log",
                SourceConfig.connector("replayed")
                    .withSchema(SCHEMA)
                    .withTimestampField("time")
                    .build())
            .transform("hosts", DeduplicateConfig.first().withKey("host").build())
            .transform("found", inMemory("ending").withLeftPrefix("l_").build())
            .transform("again", DeduplicateConfig.first().withKey("l_host").build())
            .sink("out", SinkConfig.connector("store").build())
            .build();
    assertThat(Connectors.PLANNER.plan(topology, job().build()).stages()).hasSize(2);
  }

  @Test
  void tableInMemory_hasAnEnd_andIsOneOfASource() {
    assertThat(findings(inMemory("plain").build(), job().build()))
        .singleElement()
        .asString()
        .contains("FLX-PLAN-0022")
        .contains("'plain' has no end as it is configured");
    assertThat(findings(inMemory("table").build(), job().build()))
        .singleElement()
        .asString()
        .contains("there is no source connector 'table'");
  }

  @Test
  void retries_areOfUse_andHoldNoCheckpoint() {
    ErrorPolicy slow = ErrorPolicy.retry(RetryPolicy.fixedDelay(100, Duration.ofHours(1)));
    assertThat(
            findings(
                lookup().withErrorPolicy(slow).build(),
                job().checkpointInterval(Duration.ofSeconds(1)).build()))
        .isEmpty();
  }
}
