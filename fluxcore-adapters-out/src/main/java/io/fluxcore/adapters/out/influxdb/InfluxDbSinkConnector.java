package io.fluxcore.adapters.out.influxdb;

import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Writes rows as points of InfluxDB. A point is known by its measurement, tags and time, so that
 * one that is written again is the same.
 */
public final class InfluxDbSinkConnector implements SinkConnector {
  private static final String NAME = "influxdb";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows as points of InfluxDB, each once.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.IDEMPOTENT),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public InfluxDbSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        new ArrayList<>(
            List.of(
                OptionSpec.optional(
                        "url",
                        OptionSpec.Type.STRING,
                        "http://localhost:8086",
                        "Address of the server; without password.")
                    .asAddress(),
                OptionSpec.optional(
                    "database",
                    OptionSpec.Type.STRING,
                    null,
                    "The database, of a server of version 1."),
                OptionSpec.optional(
                    "retentionPolicy",
                    OptionSpec.Type.STRING,
                    null,
                    "The retention policy of the database, unless its default one."),
                OptionSpec.optional(
                    "bucket",
                    OptionSpec.Type.STRING,
                    null,
                    "The bucket, of a server of version 2."),
                OptionSpec.optional(
                    "org", OptionSpec.Type.STRING, null, "The organisation of the bucket."),
                OptionSpec.required(
                    "measurement",
                    OptionSpec.Type.STRING,
                    "The measurement; `{field}` in it stands for a value."),
                OptionSpec.optional(
                    "tags",
                    OptionSpec.Type.LIST,
                    null,
                    "Fields that are tags: by them, the measurement and the time a point is"
                        + " known."),
                OptionSpec.optional(
                    "fields",
                    OptionSpec.Type.LIST,
                    null,
                    "Fields that are fields of the point; without it, all that are no tags."),
                OptionSpec.optional(
                    "timeField",
                    OptionSpec.Type.STRING,
                    null,
                    "Field with the point's time; without it, the time of the event."),
                OptionSpec.oneOf(
                    "precision",
                    List.of("ns", "us", "ms", "s"),
                    "ms",
                    "How exactly times are told; points that agree in it are one."),
                OptionSpec.optional(
                    "batchSize",
                    OptionSpec.Type.LONG,
                    "5000",
                    "Points that are sent together, from 1 to 100,000."),
                OptionSpec.optional(
                    "gzip",
                    OptionSpec.Type.BOOLEAN,
                    "false",
                    "Whether points are sent compressed."),
                OptionSpec.optional(
                    "user", OptionSpec.Type.STRING, null, "User of a server of version 1.")));
    options.addAll(Secret.specs("password", "The user's password"));
    options.addAll(Secret.specs("token", "Token of a server of version 2"));
    options.addAll(HttpOptions.times("30s"));
    options.addAll(TlsTrust.specs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    OptionProblems problems = new OptionProblems(NAME);
    InfluxOptions parsed = InfluxOptions.of(options, schema, problems);
    problems.throwIfAny();
    return new InfluxSink(parsed, schema);
  }

  /** Rows as points. */
  private record InfluxSink(InfluxOptions options, Schema rows) implements Sink {
    @Override
    public void check() {
      InfluxWriter.check(options);
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new InfluxWriter(options, rows);
    }

    @Override
    public String toString() {
      return "influxdb sink to " + options;
    }
  }
}
