package io.fluxcore.adapters.out.console;

import io.fluxcore.adapters.out.format.CsvStyle;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes rows to standard output: as a table for people, or as JSON or CSV lines for the next
 * program of a pipe. Writers of several subtasks share the stream and write whole lines.
 */
public final class ConsoleSinkConnector implements SinkConnector {
  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          "console",
          "Writes rows to standard output, as a table or as lines of JSON or CSV.",
          List.of(
              OptionSpec.oneOf(
                  "format", List.of("table", "json", "csv"), "table", "How rows are written."),
              OptionSpec.oneOf(
                  "rowKind",
                  RowKinds.names(),
                  "auto",
                  "Whether a row says its kind (+I, -U, +U, -D): `auto` where it is not an"
                      + " insertion (CSV has no place for it and refuses such rows), `always`, or"
                      + " `never`, which refuses all but insertions.")),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG),
          DeliveryGuarantee.AT_LEAST_ONCE);

  private final OutputStream out;

  /** The connector for the standard output of the process. */
  public ConsoleSinkConnector() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  /** The connector for another stream, which it does not close. */
  public ConsoleSinkConnector(OutputStream out) {
    this.out = out;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    String format = options.string("format");
    RowKinds rowKinds = RowKinds.parse(options.string("rowKind"));
    SharedLines lines = new SharedLines(out);
    boolean saysKinds =
        rowKinds == RowKinds.ALWAYS || (rowKinds == RowKinds.AUTO && !format.equals("csv"));
    return new ConsoleSink(
        () -> encoder(format, schema, rowKinds),
        lines,
        saysKinds ? Changes.retracts(null) : Changes.appends());
  }

  /** Rows as lines. */
  private record ConsoleSink(Supplier<RowEncoder> encoders, SharedLines lines, Changes takes)
      implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new ConsoleWriter(encoders.get(), lines);
    }
  }

  private static RowEncoder encoder(String format, Schema schema, RowKinds rowKinds) {
    return switch (format) {
      case "json" -> RowEncoder.json(schema, rowKinds);
      case "csv" -> RowEncoder.csv(schema, rowKinds, CsvStyle.DEFAULT);
      default -> new TableEncoder(schema, rowKinds);
    };
  }
}
