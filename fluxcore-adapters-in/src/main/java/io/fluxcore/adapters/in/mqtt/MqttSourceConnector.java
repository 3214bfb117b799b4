package io.fluxcore.adapters.in.mqtt;

import io.fluxcore.adapters.in.backlog.BacklogOptions;
import io.fluxcore.adapters.in.backlog.BacklogSettings;
import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.ServerOptions;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/** Reads the messages of topics of an MQTT broker. */
public final class MqttSourceConnector implements SourceConnector {
  private static final String NAME = "mqtt";
  private static final int MOST_UNACKNOWLEDGED = 65_535;
  private static final long LONGEST_EXPIRY_SECONDS = 0xFFFF_FFFFL;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads the messages of topics of an MQTT broker.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public MqttSourceConnector() {}

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
        OptionSpec.required(
            "clientId",
            OptionSpec.Type.STRING,
            "The name by which the broker knows the session, of this source alone."));
    options.add(
        OptionSpec.required(
            "topic",
            OptionSpec.Type.LIST,
            "Filters of topics, such as `sensors/+/temperature`, `sensors/#` or, shared with other"
                + " clients, `$share/group/sensors/#`."));
    options.add(
        OptionSpec.oneOf(
            "qos",
            List.of("0", "1", "2"),
            "1",
            "The quality of service that is asked for; messages come with no more than they were"
                + " sent with."));
    options.add(
        OptionSpec.optional(
            "sessionExpiry",
            OptionSpec.Type.DURATION,
            "1d",
            "How long the broker keeps the session, and messages for it, while nobody is connected;"
                + " in version 3.1.1 as long as it likes. With 0 the session ends with the"
                + " connection."));
    options.add(
        OptionSpec.optional(
            "receiveMaximum",
            OptionSpec.Type.LONG,
            "1000",
            "How many messages the broker may give without acknowledgement, 1 to 65535; version 5"
                + " tells it, and many brokers give fewer."));
    options.add(
        OptionSpec.optional(
            "keepAlive",
            OptionSpec.Type.DURATION,
            "30s",
            "How long a connection may be silent before the broker is asked whether it lives."));
    options.add(
        OptionSpec.optional(
            "idProperty",
            OptionSpec.Type.STRING,
            null,
            "Version 5: the user property by which a message that comes again is known."));
    options.addAll(BacklogOptions.specs());
    options.add(MessageFields.option(List.of()));
    options.addAll(FormatOptions.ofMessages());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
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
    List<String> filters = options.list("topic");
    if (filters.isEmpty()) {
      problems.add("topic", "there is none", "give a filter such as sensors/#");
    }
    for (String filter : filters) {
      String problem = TopicFilters.problem(filter);
      if (problem != null) {
        problems.add("topic", "'" + filter + "' is no filter: " + problem, "see sensors/+/heat/#");
      }
    }
    Duration expiry = options.duration("sessionExpiry");
    problems.range("sessionExpiry", expiry.toSeconds(), 0, LONGEST_EXPIRY_SECONDS);
    problems.range("receiveMaximum", options.integer("receiveMaximum"), 1, MOST_UNACKNOWLEDGED);
    problems.range("keepAlive", options.duration("keepAlive").toSeconds(), 1, 65_535);
    if (options.has("idProperty") && !isVersion5) {
      problems.add(
          "idProperty", "version 3.1.1 has no user properties", "use version 5, or leave it out");
    }
    BacklogSettings backlog = BacklogOptions.settings(options, problems);
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields = MessageFields.of(options, List.of(), format.schema(), problems);
    problems.throwIfAny();
    return new MqttSource(
        new MqttSource.Session(
            Objects.requireNonNull(server),
            isVersion5,
            options.string("clientId"),
            filters,
            Integer.parseInt(options.string("qos")),
            expiry,
            (int) options.integer("receiveMaximum"),
            options.duration("keepAlive"),
            options.optionalString("idProperty")),
        backlog,
        format,
        fields);
  }
}
