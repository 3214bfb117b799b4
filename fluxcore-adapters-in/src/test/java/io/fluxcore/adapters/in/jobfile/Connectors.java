package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.OptionSpec.Type;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.List;
import java.util.Set;

/** Connectors with an option of every type, for tests of job files. */
final class Connectors {
  static final List<ConnectorDescriptor> SOURCES =
      List.of(
          descriptor(
              "acme",
              OptionSpec.required("url", Type.STRING, "Where."),
              OptionSpec.optional("tls", Type.BOOLEAN, "false", "Whether."),
              OptionSpec.optional("rate", Type.LONG, "0", "How many."),
              OptionSpec.optional("share", Type.DOUBLE, "0", "How much."),
              OptionSpec.optional("poll", Type.DURATION, "1s", "How often."),
              OptionSpec.optional("buffer", Type.SIZE, "64kb", "How large."),
              OptionSpec.optional("state", Type.PATH, null, "Which file."),
              OptionSpec.optional("topics", Type.LIST, null, "Which."),
              OptionSpec.optional("headers", Type.MAP, null, "What."),
              OptionSpec.oneOf("format", List.of("json", "csv"), "json", "How.")),
          descriptor("plain"),
          new ConnectorDescriptor(
              "ending",
              "For tests.",
              List.of(OptionSpec.optional("path", Type.STRING, null, "Where.")),
              Set.of(Capability.BOUNDED),
              DeliveryGuarantee.AT_LEAST_ONCE));

  static final List<ConnectorDescriptor> SINKS =
      List.of(
          descriptor("console", OptionSpec.oneOf("format", List.of("table", "json"), "table", "")),
          descriptor("file", OptionSpec.required("path", Type.PATH, "The file.")));

  static final List<ConnectorDescriptor> LOOKUPS =
      List.of(
          descriptor(
              "store",
              OptionSpec.required("table", Type.STRING, "Which table."),
              OptionSpec.optional("user", Type.STRING, null, "Who.")));

  private Connectors() {}

  static ConnectorDescriptor descriptor(String name, OptionSpec... options) {
    return new ConnectorDescriptor(
        name, "For tests.", List.of(options), Set.of(), DeliveryGuarantee.AT_LEAST_ONCE);
  }

  static JobFileReader reader() {
    return new JobFileReader(SOURCES, SINKS, LOOKUPS);
  }
}
