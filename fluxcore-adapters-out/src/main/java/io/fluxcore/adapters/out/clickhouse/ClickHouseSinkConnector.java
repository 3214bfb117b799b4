package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.http.NoAnswerException;
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

/** Inserts rows into a table of ClickHouse, over HTTP, at least once. */
public final class ClickHouseSinkConnector implements SinkConnector {
  private static final String NAME = "clickhouse";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Inserts rows into a table of ClickHouse.",
          options(),
          EnumSet.of(Capability.PARALLEL),
          DeliveryGuarantee.AT_LEAST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public ClickHouseSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        new ArrayList<>(
            List.of(
                OptionSpec.optional(
                        "url",
                        OptionSpec.Type.STRING,
                        "http://localhost:8123",
                        "Address of the server's HTTP interface; without password.")
                    .asAddress(),
                OptionSpec.required(
                    "table", OptionSpec.Type.STRING, "The table: its name, or `database.name`."),
                OptionSpec.optional(
                    "columns",
                    OptionSpec.Type.MAP,
                    null,
                    "By field, the columns that are not called like their field."),
                OptionSpec.optional(
                    "batchSize",
                    OptionSpec.Type.LONG,
                    "50000",
                    "Rows that are inserted together, from 1 to 1,000,000."),
                OptionSpec.optional(
                    "batchBytes",
                    OptionSpec.Type.SIZE,
                    "16mb",
                    "Bytes of rows that are inserted together, about, from 1kb to 256mb."),
                OptionSpec.optional(
                    "settings",
                    OptionSpec.Type.MAP,
                    null,
                    "Settings of the server that go with each insertion, such as `async_insert`."),
                OptionSpec.optional(
                    "deduplicationToken",
                    OptionSpec.Type.BOOLEAN,
                    "false",
                    "Whether an insertion that is sent again is known to be the same, as servers"
                        + " from 22.2 on can."),
                OptionSpec.optional(
                    "gzip", OptionSpec.Type.BOOLEAN, "false", "Whether rows are sent compressed."),
                OptionSpec.optional("user", OptionSpec.Type.STRING, null, "User of the server.")));
    options.addAll(Secret.specs("password", "The user's password"));
    options.addAll(HttpOptions.times("1m"));
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
    ClickHouseOptions parsed = ClickHouseOptions.of(options, schema, problems);
    problems.throwIfAny();
    return new ClickHouseSink(parsed, schema);
  }

  /** Rows in a table. */
  private record ClickHouseSink(ClickHouseOptions options, Schema rows) implements Sink {
    @Override
    public void check() {
      try (HttpSender sender = options.sender()) {
        TableColumns.of(options, rows, sender);
      } catch (NoAnswerException e) {
        throw ClickHouseErrors.noAnswer(options, e.reason(), 0, e);
      }
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new ClickHouseWriter(options, rows);
    }

    @Override
    public String toString() {
      return "clickhouse sink to " + options;
    }
  }
}
