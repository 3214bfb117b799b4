package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.push.PushOptions;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/** Sends rows to clients that connect over WebSocket, each as a message. */
public final class WebSocketSinkConnector implements SinkConnector {
  private static final String NAME = "websocket";
  private static final String PING_INTERVAL = "pingInterval";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Sends rows to clients that connect over WebSocket, each as a message.",
          options(),
          EnumSet.of(Capability.CHANGELOG),
          DeliveryGuarantee.AT_MOST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public WebSocketSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        PushOptions.specs(
            "clients that are slow",
            "take over what is sent to it at once, which is a message, or some of 256 kB together,");
    options.add(
        OptionSpec.optional(
            PING_INTERVAL,
            OptionSpec.Type.DURATION,
            "30s",
            "How often clients are asked whether they live, in whole seconds; 0: never."));
    options.addAll(EncoderOptions.ofMessages());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    RequiredLibrary.check(
        "org.java_websocket.server.WebSocketServer", "org.java-websocket:Java-WebSocket", NAME);
    OptionProblems problems = new OptionProblems(NAME);
    PushOptions push = PushOptions.of(NAME, options, problems);
    Duration ping = options.duration(PING_INTERVAL);
    problems.range(PING_INTERVAL, ping.toSeconds(), ping.isZero() ? 0 : 1, 86_400);
    boolean isText = PushOptions.isText(options.string("format"));
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    return new WebSocketSink(new WebSocketOptions(push, isText, ping), encoders);
  }
}
