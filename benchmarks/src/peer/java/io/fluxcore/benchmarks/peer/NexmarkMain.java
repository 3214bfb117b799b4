package io.fluxcore.benchmarks.peer;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.deadletter.InMemoryDeadLetters;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.benchmarks.GeneratedSource;
import io.fluxcore.benchmarks.Queries;
import io.fluxcore.benchmarks.ResultSink;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import peers.core.Cfg;
import peers.core.Meter;

/**
 * The queries of Nexmark, as the examples have them ({@code -Dsql=} their folder), over the peers'
 * generator. Compiled by {@code bin/bench} against the peers' classes.
 */
public final class NexmarkMain {
  /** The stream as the peers' generator has it, and the views that the queries read. */
  private static final String TABLES =
      """
      CREATE TABLE events (
        kind BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
        id BIGINT, seller BIGINT, category BIGINT, initialBid BIGINT, reserve BIGINT,
        name STRING, description STRING, email STRING, creditCard STRING, city STRING,
        state STRING, extra STRING, `dateTime` TIMESTAMP(3), expiresAt TIMESTAMP(3),
        WATERMARK FOR `dateTime` AS `dateTime` - INTERVAL '1' SECOND
      ) WITH ('connector' = 'peergen');
      CREATE VIEW person AS
        SELECT id, name, email AS emailAddress, creditCard, city, state, `dateTime`, extra
        FROM events WHERE kind = 0;
      CREATE VIEW auction AS
        SELECT id, name AS itemName, description, initialBid, reserve, `dateTime`,
          expiresAt AS expires, seller, category, extra
        FROM events WHERE kind = 1;
      CREATE VIEW bid AS
        SELECT auction, bidder, price, channel, url, `dateTime`, extra
        FROM events WHERE kind = 2;
      """;

  private NexmarkMain() {}

  public static void main(String[] args) throws Exception {
    ConnectorRegistry all = ConnectorRegistry.load(NexmarkMain.class.getClassLoader());
    FluxCore engine =
        FluxCore.embedded(
            ConnectorRegistry.of(
                List.of(new PeerGenerator(), all.source("file")), List.of(all.sink("file"))),
            new InMemoryDeadLetters(10),
            FluxCore.expressions());
    Path examples = Path.of(System.getProperty("sql"));
    String query =
        Files.readString(examples.resolve(Cfg.QUERY + ".sql"))
            .replace("examples/nexmark/", examples + "/")
            .replace("/tmp/nexmark", Path.of(Cfg.WORK, "fluxcore-nexmark").toString());
    StreamTopology topology = topology(engine, TABLES + query);
    JobConfig.Builder job = JobConfig.builder().name(Cfg.QUERY).parallelism(Cfg.P);
    if (Cfg.CKPT > 0) {
      job.checkpointInterval(Duration.ofMillis(Cfg.CKPT));
    }
    if (Boolean.getBoolean("explain")) {
      System.err.println(engine.service().explain(topology, job.build()));
    }
    Meter.begin();
    JobId id = engine.service().submitJob(topology, job.build());
    JobStatus status = engine.service().awaitEnd(id, Duration.ofHours(1));
    if (status != JobStatus.FINISHED) {
      throw new IllegalStateException(
          "the job ended as " + status + ": " + engine.service().getJob(id));
    }
    Meter.end("fluxcore", ChangeSum.all());
    System.exit(0);
  }

  /** What the last statement has to be run, with a sink for the rows of a query. */
  private static StreamTopology topology(FluxCore engine, String script) {
    SqlSession session = engine.sql().newSession();
    StreamTopology topology = null;
    for (SqlStatement statement : engine.sql().statements(script)) {
      SqlOutcome outcome = session.execute(statement);
      if (outcome instanceof SqlOutcome.Query rows) {
        ResultSink sink = new ResultSink(RowSum::new, Meter::sinkDone);
        topology =
            rows.topology().withSink("results", SinkConfig.custom(sink).build(), rows.output());
      } else if (outcome instanceof SqlOutcome.Job inserts) {
        topology = inserts.topology();
      }
    }
    if (topology == null) {
      throw new IllegalArgumentException(Cfg.QUERY + " has no query");
    }
    return topology;
  }

  /** The connector of the peers' generator. */
  private static final class PeerGenerator implements SourceConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return new ConnectorDescriptor(
          "peergen",
          "The events of the comparison with peers.",
          List.of(),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);
    }

    @Override
    public Source create(ConnectorOptions options, ConnectorServices services) {
      return new GeneratedSource(Queries.NEXMARK, Cfg.N, Cfg.P, NexmarkGenerator::new);
    }
  }
}
