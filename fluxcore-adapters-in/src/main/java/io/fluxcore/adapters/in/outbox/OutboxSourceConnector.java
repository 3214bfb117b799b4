package io.fluxcore.adapters.in.outbox;

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
 * Reads the changes of tables that triggers write to a table of their own, as insertions, updates
 * and deletions: for databases whose log cannot be read.
 */
public final class OutboxSourceConnector implements SourceConnector {
  private static final String NAME = "outbox";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads the changes of tables that triggers write to an outbox.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public OutboxSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>(SqlDatabase.specs());
    options.addAll(OutboxSettings.specs());
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
    OutboxSettings settings = OutboxSettings.of(options, problems);
    Schema schema = new FieldOptions(options, problems).schema();
    problems.throwIfAny();
    return new OutboxSource(settings, schema);
  }
}
