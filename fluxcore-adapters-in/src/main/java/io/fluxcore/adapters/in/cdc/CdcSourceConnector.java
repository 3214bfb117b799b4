package io.fluxcore.adapters.in.cdc;

import io.fluxcore.adapters.in.format.FieldOptions;
import io.fluxcore.adapters.in.format.RecordOptions;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.EnumSet;
import java.util.List;

/**
 * Reads the changes of a database's tables, after a snapshot of the rows that are there, as
 * insertions, updates and deletions. Debezium reads PostgreSQL's, inside this process; those of
 * MariaDB and MySQL are read from the binary log.
 */
public final class CdcSourceConnector implements SourceConnector {
  private static final String NAME = "cdc";

  private static final List<OptionSpec> PASSWORD = Secret.specs("password", "The user's password");

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads the changes of tables of PostgreSQL, MariaDB and MySQL, after the rows that are"
              + " there.",
          List.of(
              OptionSpec.oneOf(
                  "type",
                  List.of("postgresql", "mariadb", "mysql"),
                  "postgresql",
                  "Which database it is."),
              OptionSpec.required("host", OptionSpec.Type.STRING, "Its host.").asAddress(),
              OptionSpec.optional(
                      "port",
                      OptionSpec.Type.LONG,
                      null,
                      "Its port; `5432` of PostgreSQL and `3306` of the others unless given.")
                  .asAddress(),
              OptionSpec.required("database", OptionSpec.Type.STRING, "Name of the database."),
              OptionSpec.required(
                  "user", OptionSpec.Type.STRING, "A user who may replicate and read the tables."),
              PASSWORD.get(0),
              PASSWORD.get(1),
              OptionSpec.required(
                  "tables",
                  OptionSpec.Type.LIST,
                  "The tables, as `schema.table` (of MariaDB and MySQL `database.table`), in the case"
                      + " that the database has them in."),
              OptionSpec.optional(
                  "slot",
                  OptionSpec.Type.STRING,
                  CdcOptions.UNNAMED,
                  "PostgreSQL: the replication slot that keeps what has not been read; each job needs its own."
                      + " It is made where it is missing, and stays when the job ends."),
              OptionSpec.optional(
                  "publication",
                  OptionSpec.Type.STRING,
                  CdcOptions.UNNAMED,
                  "PostgreSQL: the publication of the tables; of jobs with other tables another."),
              OptionSpec.optional(
                  "createPublication",
                  OptionSpec.Type.BOOLEAN,
                  "true",
                  "PostgreSQL: whether the publication is made, and altered, to have the tables;"
                      + " otherwise it must be there."),
              OptionSpec.optional(
                  "serverId",
                  OptionSpec.Type.LONG,
                  null,
                  "MariaDB and MySQL: the number that the reader has as a replica, which nobody"
                      + " else may have, from 1 to 4294967295; unless given, a high one by chance"
                      + " each time."),
              OptionSpec.oneOf(
                  "snapshot",
                  List.of("initial", "never", "only"),
                  "initial",
                  "The rows that are there when the job starts without a checkpoint: `initial` reads"
                      + " them first, as insertions, `never` leaves them out, `only` reads them and"
                      + " ends."),
              OptionSpec.oneOf(
                  "snapshotRestart",
                  List.of("refuse", "repeat"),
                  "refuse",
                  "A job that goes on from a checkpoint that was made amid the snapshot: `refuse`"
                      + " fails it; `repeat` reads the snapshot anew, and rows come twice."),
              RecordOptions.SCHEMA,
              OptionSpec.optional(
                  "debezium",
                  OptionSpec.Type.MAP,
                  null,
                  "PostgreSQL: further properties of Debezium's connector, such as"
                      + " `database.sslmode: verify-full`.")),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public CdcSourceConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    Schema schema = new FieldOptions(options, problems).schema();
    CdcOptions parsed = CdcOptions.of(options, problems);
    parsed.kind().requireLibraries(NAME);
    problems.throwIfAny();
    return new CdcSource(parsed, schema);
  }
}
