package io.fluxcore.adapters.in.outbox;

import io.fluxcore.adapters.in.sql.SqlDatabase;
import io.fluxcore.adapters.in.sql.SqlDialect;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import java.time.Duration;
import java.util.List;

/**
 * Which changes are read, and how.
 *
 * @param tables as they were given
 * @param outbox the name of the table that triggers write to
 * @param install whether it and the triggers are made where they are missing
 * @param gapTimeout how long a number that is missing is waited for, where the database does not
 *     say whether it will come
 * @param deletes whether changes are deleted when a checkpoint holds them
 */
record OutboxSettings(
    SqlDatabase database,
    List<String> tables,
    String outbox,
    boolean install,
    Duration pollInterval,
    int fetchSize,
    Duration gapTimeout,
    boolean deletes) {
  private static final int MAX_FETCH = 100_000;
  private static final String TABLES = "tables";
  private static final String OUTBOX = "outboxTable";
  private static final String INSTALL = "install";
  private static final String POLL_INTERVAL = "pollInterval";
  private static final String FETCH_SIZE = "fetchSize";
  private static final String GAP_TIMEOUT = "gapTimeout";
  private static final String DELETE = "delete";

  OutboxSettings {
    tables = List.copyOf(tables);
  }

  static List<OptionSpec> specs() {
    return List.of(
        OptionSpec.required(
            TABLES,
            OptionSpec.Type.LIST,
            "The tables whose changes are read: their names, or `schema.name`."),
        OptionSpec.optional(
            OUTBOX,
            OptionSpec.Type.STRING,
            "fluxcore_outbox",
            "The table that triggers write changes to; each job needs its own. Small letters,"
                + " digits and `_`, at most 40."),
        OptionSpec.optional(
            INSTALL,
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether the outbox and the triggers are made where they are missing, when the job"
                + " starts; otherwise an error says what to run."),
        OptionSpec.optional(
            POLL_INTERVAL,
            OptionSpec.Type.DURATION,
            "200ms",
            "How often changes are looked for, from 10ms to 1d."),
        OptionSpec.optional(
            FETCH_SIZE,
            OptionSpec.Type.LONG,
            "2000",
            "Changes that are asked for together, from 1 to 100,000; no more than half a batch."),
        OptionSpec.optional(
            GAP_TIMEOUT,
            OptionSpec.Type.DURATION,
            "30s",
            "MariaDB and MySQL: how long a change is waited for whose number is missing, since its"
                + " transaction may not have ended; longer than any that writes. PostgreSQL says"
                + " itself when it has."),
        OptionSpec.optional(
            DELETE,
            OptionSpec.Type.BOOLEAN,
            "true",
            "Whether changes are deleted from the outbox when a checkpoint holds what came of"
                + " them."));
  }

  static OutboxSettings of(ConnectorOptions options, OptionProblems problems) {
    SqlDatabase database = SqlDatabase.of(options, problems);
    if (database.dialect() == SqlDialect.H2) {
      problems.add(
          "url",
          "triggers of H2 are classes that it must have itself",
          "read PostgreSQL, MariaDB or MySQL, or use the source jdbc");
    }
    List<String> tables = options.list(TABLES).stream().distinct().toList();
    if (tables.isEmpty()) {
      problems.add(TABLES, "there is none", "name tables");
    }
    String outbox = options.string(OUTBOX);
    if (!outbox.matches("[a-z_][a-z0-9_]{0,39}")) {
      problems.add(
          OUTBOX,
          "'" + outbox + "' is no name of an outbox",
          "use at most 40 small letters, digits and '_'");
    }
    problems.range(FETCH_SIZE, options.integer(FETCH_SIZE), 1, MAX_FETCH);
    duration(POLL_INTERVAL, Duration.ofMillis(10), options, problems);
    duration(GAP_TIMEOUT, Duration.ofMillis(100), options, problems);
    return new OutboxSettings(
        database,
        tables,
        outbox,
        options.bool(INSTALL),
        options.duration(POLL_INTERVAL),
        (int) options.integer(FETCH_SIZE),
        options.duration(GAP_TIMEOUT),
        options.bool(DELETE));
  }

  private static void duration(
      String option, Duration least, ConnectorOptions options, OptionProblems problems) {
    Duration value = options.duration(option);
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      problems.add(
          option, value + " is out of range", "give a value from " + least.toMillis() + "ms to 1d");
    }
  }

  @Override
  public String toString() {
    return outbox + " in " + database;
  }
}
