package io.fluxcore.adapters.out.rest;

import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Looks rows up with GET requests, whose URL names the key and whose answer is JSON. */
public final class RestLookupConnector implements LookupConnector {
  private static final String NAME = "rest";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Looks rows up with GET requests, whose URL names the key and whose answer is JSON.",
          options(),
          EnumSet.of(Capability.PARALLEL),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public RestLookupConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
                "url",
                OptionSpec.Type.STRING,
                "The URL of a key, such as `https://host/users/{id}`; `{field}` stands for a value"
                    + " of the join's key, by the name that it has in the table. Without password.")
            .asAddress());
    options.add(
        OptionSpec.optional(
            "rows",
            OptionSpec.Type.STRING,
            null,
            "Where in the answer the row or the list of rows is, such as `data.items`; all of it"
                + " unless given."));
    options.add(
        OptionSpec.optional(
            "headers", OptionSpec.Type.MAP, null, "Headers that go with each request."));
    options.addAll(Secret.specs("bearerToken", "What is sent as `Authorization: Bearer …`"));
    options.addAll(TlsTrust.specs());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Lookup create(ConnectorOptions options, LookupTable table) {
    OptionProblems problems = new OptionProblems(NAME);
    RestOptions parsed = RestOptions.of(options, table, problems);
    problems.throwIfAny();
    return new RestLookup(parsed, table.fields());
  }
}
