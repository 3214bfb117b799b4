package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Writes rows to a table of PostgreSQL or H2: added, or in place of the one of their key, which
 * deletions delete. In a job with checkpoints they become visible with them, exactly once.
 */
public final class JdbcSinkConnector implements SinkConnector {
  private static final String NAME = "jdbc";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows to a table of PostgreSQL or H2, exactly once.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.TRANSACTIONAL, Capability.CHANGELOG),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public JdbcSinkConnector() {}

  /** By which the database is found and entered. */
  static List<OptionSpec> connection() {
    return List.of(
        OptionSpec.requiredUnlessOfHost(
                "url",
                OptionSpec.Type.STRING,
                "Address of the database, such as `jdbc:postgresql://host/database`; without"
                    + " password.")
            .asAddress(),
        OptionSpec.optional("user", OptionSpec.Type.STRING, null, "User of the database."),
        OptionSpec.optional(
            "password",
            OptionSpec.Type.STRING,
            null,
            "The user's password. It shows neither in plans nor in logs, but is kept with the"
                + " job."),
        OptionSpec.optional(
            "passwordFile",
            OptionSpec.Type.PATH,
            null,
            "A file whose first line is the password, read when connections are made; then"
                + " the job does not hold it."),
        OptionSpec.optional(
            "driver",
            OptionSpec.Type.STRING,
            null,
            "Class of the driver; it is found by the address unless given."));
  }

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>(connection());
    options.addAll(
        List.of(
            OptionSpec.required(
                "table",
                OptionSpec.Type.STRING,
                "The table: its name, or `schema.name`; in any case if there is only one."),
            OptionSpec.optional(
                "columns",
                OptionSpec.Type.MAP,
                null,
                "By field, the columns that are not called like their field."),
            OptionSpec.oneOf(
                "mode",
                List.of("append", "upsert"),
                "append",
                "`append` adds each row; with `upsert` it takes the place of the one of its key,"
                    + " and a deletion deletes that."),
            OptionSpec.optional(
                "key",
                OptionSpec.Type.LIST,
                null,
                "Upsert: the fields of the key, of which the table has a primary key or unique"
                    + " index; without it, those that name a row, where the topology tells them"
                    + " (of windows: group, `window_start`, `window_end`)."),
            OptionSpec.optional(
                "batchSize",
                OptionSpec.Type.LONG,
                "1000",
                "Rows that are sent to the database together, from 1 to 100,000."),
            OptionSpec.optional(
                "queryTimeout",
                OptionSpec.Type.DURATION,
                "10m",
                "How long PostgreSQL may take for one statement, from 1s to 1d; then the"
                    + " connection is given up, and it is tried again."),
            OptionSpec.oneOf(
                "guarantee",
                List.of("exactly-once", "at-least-once"),
                "exactly-once",
                "`exactly-once` shows rows with their checkpoint; `at-least-once` at once, and"
                    + " some again after a failure."),
            OptionSpec.optional(
                "createTable",
                OptionSpec.Type.BOOLEAN,
                "false",
                "Whether a table that is missing is made, with a column for each field.")));
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    return create(options, schema, Changes.appends());
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema, Changes rows) {
    OptionProblems problems = new OptionProblems(NAME);
    JdbcOptions parsed = JdbcOptions.of(options, schema, rows, problems);
    problems.throwIfAny();
    refuseNested(schema);
    requirePool("sink");
    return options.string("guarantee").equals("exactly-once")
        ? new JdbcSink(parsed, schema)
        : new DirectSink(parsed, schema);
  }

  /** It is optional for applications. */
  static void requirePool(String whose) {
    try {
      Class.forName("com.zaxxer.hikari.HikariDataSource");
    } catch (ClassNotFoundException e) {
      throw JdbcErrors.user(
          JdbcErrors.NO_DRIVER,
          "url",
          "the " + whose + "'s pool of connections is not on the class path",
          "add com.zaxxer:HikariCP");
    }
  }

  private static void refuseNested(Schema schema) {
    List<Diagnostic> nested =
        schema.fields().stream()
            .filter(field -> field.type().kind() == DataType.Kind.NESTED)
            .map(
                field ->
                    Diagnostic.error(
                        JdbcErrors.COLUMNS,
                        Place.of("table"),
                        "field '"
                            + field.name()
                            + "' is nested, and no column of a table takes lists and maps",
                        "leave it out before the sink, or make a text or single fields of it"))
            .toList();
    if (!nested.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, nested, null);
    }
  }
}
