package io.fluxcore.adapters.out.sse;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.push.PushOptions;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/** Tells rows to clients that connect, as server-sent events. */
public final class SseSinkConnector implements SinkConnector {
  private static final String NAME = "sse";
  private static final String HEARTBEAT = "heartbeat";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Tells rows to clients that connect, as server-sent events.",
          options(),
          EnumSet.of(Capability.CHANGELOG),
          DeliveryGuarantee.AT_MOST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public SseSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        PushOptions.specs("clients that are slow or come back", "take nothing of what is sent");
    options.add(
        OptionSpec.optional(
            HEARTBEAT,
            OptionSpec.Type.DURATION,
            "10s",
            "How often a stream without events says that it lives; 100ms to 1h."));
    options.addAll(EncoderOptions.ofMessages());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    OptionProblems problems = new OptionProblems(NAME);
    PushOptions push = PushOptions.of(NAME, options, problems);
    Duration heartbeat = options.duration(HEARTBEAT);
    problems.range(HEARTBEAT, heartbeat.toMillis(), 100, Duration.ofHours(1).toMillis());
    String format = options.string("format");
    if (!PushOptions.isText(format)) {
      problems.add(
          "format",
          "server-sent events are text, which " + format + " is not",
          "set format: json, csv or text");
    }
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    return new SseSink(new SseOptions(push, heartbeat), encoders);
  }
}
