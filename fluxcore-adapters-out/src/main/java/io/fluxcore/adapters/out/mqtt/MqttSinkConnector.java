package io.fluxcore.adapters.out.mqtt;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.ServerOptions;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/** Writes rows as messages to topics of an MQTT broker. */
public final class MqttSinkConnector implements SinkConnector {
  private static final String NAME = "mqtt";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows as messages to topics of an MQTT broker.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG),
          DeliveryGuarantee.AT_LEAST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public MqttSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.requiredUnlessOfHost(
                ServerOptions.URI_OPTION,
                OptionSpec.Type.STRING,
                "The broker: `tcp://host:1883`, or `ssl://host:8883` with TLS; without password.")
            .asAddress());
    options.addAll(ServerOptions.specs());
    options.add(
        OptionSpec.oneOf("version", List.of("5", "3.1.1"), "5", "The version of the protocol."));
    options.add(
        OptionSpec.optional(
            "clientId",
            OptionSpec.Type.STRING,
            null,
            "What the names of writers begin with at the broker; the broker gives them names unless"
                + " given."));
    options.add(
        OptionSpec.required(
            "topic",
            OptionSpec.Type.STRING,
            "The topic; `{field}` in it stands for the value of that field, as in"
                + " `sensors/{site}/temperature`."));
    options.add(
        OptionSpec.oneOf(
            "qos",
            List.of("0", "1", "2"),
            "1",
            "The quality of service; with 0 nobody acknowledges messages, and some may be lost."));
    options.add(
        OptionSpec.optional(
            "retain",
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether the broker keeps the last message of a topic for who comes later."));
    options.add(
        OptionSpec.optional(
            "propertyFields",
            OptionSpec.Type.LIST,
            null,
            "Version 5: fields that are user properties of the message, too."));
    options.add(
        OptionSpec.optional(
            "contentType", OptionSpec.Type.STRING, null, "Version 5: the content type."));
    options.add(
        OptionSpec.optional(
            "batchSize",
            OptionSpec.Type.LONG,
            "1000",
            "How many messages wait to be acknowledged at most; 1 to 100000."));
    options.add(
        OptionSpec.optional(
            "acknowledgeTimeout",
            OptionSpec.Type.DURATION,
            "30s",
            "How long the broker may take to acknowledge messages; then writing has failed, and is"
                + " tried again as the error policy says."));
    options.add(
        OptionSpec.optional(
            "keepAlive",
            OptionSpec.Type.DURATION,
            "30s",
            "How long a connection may be silent before the broker is asked whether it lives."));
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
        "com.hivemq.client.mqtt.MqttClient", "com.hivemq:hivemq-mqtt-client", NAME);
    OptionProblems problems = new OptionProblems(NAME);
    ServerAddress server =
        new ServerOptions(options, problems)
            .byUri(
                List.of(
                    new ServerOptions.Scheme("tcp", 1883, false),
                    new ServerOptions.Scheme("mqtt", 1883, false),
                    new ServerOptions.Scheme("ssl", 8883, true),
                    new ServerOptions.Scheme("mqtts", 8883, true)));
    boolean isVersion5 = options.string("version").equals("5");
    TopicPattern topic = TopicPattern.of(options.string("topic"), schema, problems);
    List<String> propertyFields = options.list("propertyFields");
    for (String name : propertyFields) {
      if (schema.indexOf(name) < 0) {
        problems.add(
            "propertyFields",
            "there is no field '" + name + "'",
            "fields are " + String.join(", ", schema.fieldNames()));
      }
    }
    for (String option : List.of("propertyFields", "contentType")) {
      if (!isVersion5 && options.has(option) && !options.list(option).isEmpty()) {
        problems.add(option, "version 3.1.1 has none", "use version 5, or leave it out");
      }
    }
    problems.range("batchSize", options.integer("batchSize"), 1, 100_000);
    problems.range("keepAlive", options.duration("keepAlive").toSeconds(), 1, 65_535);
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    return new MqttSink(
        Objects.requireNonNull(server),
        isVersion5,
        options.optionalString("clientId"),
        topic,
        schema,
        Integer.parseInt(options.string("qos")),
        options.bool("retain"),
        propertyFields,
        options.optionalString("contentType"),
        (int) options.integer("batchSize"),
        options.duration("acknowledgeTimeout"),
        options.duration("keepAlive"),
        encoders);
  }
}
