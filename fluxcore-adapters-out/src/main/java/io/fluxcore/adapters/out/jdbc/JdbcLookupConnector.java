package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Looks rows up in a table of PostgreSQL or H2. */
public final class JdbcLookupConnector implements LookupConnector {
  private static final String NAME = "jdbc";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Looks rows up in a table of PostgreSQL or H2.",
          options(),
          EnumSet.of(Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public JdbcLookupConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>(JdbcSinkConnector.connection());
    options.add(
        OptionSpec.required(
            "table",
            OptionSpec.Type.STRING,
            "The table or view: its name, or `schema.name`; in any case if there is only one."));
    options.add(
        OptionSpec.optional(
            "columns",
            OptionSpec.Type.MAP,
            null,
            "By field, the columns that are not called like their field."));
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Lookup create(ConnectorOptions options, LookupTable table) {
    OptionProblems problems = new OptionProblems(NAME);
    JdbcOptions parsed = JdbcOptions.ofLookup(options, columns(table), table.timeout(), problems);
    problems.throwIfAny();
    JdbcSinkConnector.requirePool("lookup");
    return new JdbcLookup(parsed, table);
  }

  /** The fields of the key, and behind them the wanted ones that are no part of it. */
  static Schema columns(LookupTable table) {
    List<Field> all = new ArrayList<>(table.key().fields());
    table.fields().fields().stream()
        .filter(field -> table.key().indexOf(field.name()) < 0)
        .forEach(all::add);
    return Schema.of(all);
  }
}
