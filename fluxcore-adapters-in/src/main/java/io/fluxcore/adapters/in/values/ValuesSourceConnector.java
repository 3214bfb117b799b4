package io.fluxcore.adapters.in.values;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Gives rows that the job itself says: for {@code VALUES} of SQL, small tables, and tries. */
public final class ValuesSourceConnector implements SourceConnector {
  private static final String NAME = "values";
  private static final String ROWS = "rows";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Gives rows that the job itself says, in their order.",
          List.of(
              OptionSpec.required(
                  ROWS,
                  OptionSpec.Type.STRING,
                  "The rows, a list of objects as JSON; a field that one has not is null.")),
          EnumSet.of(Capability.BOUNDED, Capability.REPLAYABLE, Capability.PROJECTION),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public ValuesSourceConnector() {}

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    List<Map<String, Object>> rows = List.of();
    try {
      rows = JSON.readValue(options.string(ROWS), new TypeReference<>() {});
    } catch (JacksonException e) {
      problems.add(
          ROWS,
          "the rows are no list of objects: " + e.getOriginalMessage(),
          "write for example '[{\"id\": 1, \"name\": \"a\"}, {\"id\": 2}]'");
    }
    problems.throwIfAny();
    return new ValuesSource(rows);
  }
}
