package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.format.FieldOptions;
import io.fluxcore.adapters.in.format.RecordOptions;
import io.fluxcore.adapters.in.sql.SqlDatabase;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Reads rows of a table or query by a column that increases, again and again, or all of them once.
 * The position is the value of the last row, with those of a key that tells rows of one value
 * apart.
 */
public final class JdbcSourceConnector implements SourceConnector {
  private static final String NAME = "jdbc";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads rows of a table or query by a column that increases, or all of them once.",
          options(),
          EnumSet.of(
              Capability.BOUNDED,
              Capability.REPLAYABLE,
              Capability.PROJECTION,
              Capability.EVENT_TIME,
              Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public JdbcSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>(SqlDatabase.specs());
    options.addAll(JdbcSettings.specs());
    options.add(RecordOptions.SCHEMA);
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    JdbcSettings settings = JdbcSettings.of(options, problems);
    Schema schema = new FieldOptions(options, problems).schema();
    problems.throwIfAny();
    return new JdbcSource(settings, schema);
  }
}
