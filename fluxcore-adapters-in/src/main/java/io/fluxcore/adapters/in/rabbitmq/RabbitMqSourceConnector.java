package io.fluxcore.adapters.in.rabbitmq;

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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a queue of RabbitMQ. */
public final class RabbitMqSourceConnector implements SourceConnector {
  private static final String NAME = "rabbitmq";
  private static final int MAX_PREFETCH = 65_535;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads the messages of a queue of RabbitMQ.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public RabbitMqSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.optional(
                ServerOptions.URI_OPTION,
                OptionSpec.Type.STRING,
                null,
                "The server: `amqp://host:5672/virtual-host`, or `amqps://…` with TLS; without"
                    + " password.")
            .asAddress());
    options.add(
        OptionSpec.optional(
                "host", OptionSpec.Type.STRING, "localhost", "The server, where there is no `uri`.")
            .asAddress());
    options.add(
        OptionSpec.optional(
                "port",
                OptionSpec.Type.LONG,
                null,
                "Its port, where there is no `uri`; 5672, or 5671 with TLS.")
            .asAddress());
    options.add(
        OptionSpec.optional(
            "virtualHost",
            OptionSpec.Type.STRING,
            "/",
            "The virtual host, where the `uri` names none."));
    options.addAll(ServerOptions.specs());
    options.add(
        OptionSpec.required("queue", OptionSpec.Type.STRING, "The queue to consume; it is there."));
    options.add(
        OptionSpec.optional(
            "declare",
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether the queue is made where it is missing."));
    options.add(
        OptionSpec.optional(
            "durable",
            OptionSpec.Type.BOOLEAN,
            "true",
            "Declare: whether it outlives the server."));
    options.add(
        OptionSpec.optional(
            "arguments",
            OptionSpec.Type.MAP,
            null,
            "Declare: its arguments, such as `x-queue-type: quorum`."));
    options.addAll(BacklogOptions.specs());
    options.add(
        OptionSpec.optional(
            "prefetch",
            OptionSpec.Type.LONG,
            null,
            "How many messages the server gives without acknowledgement, 1 to 65535; unless given,"
                + " 1000 with a spool and 10000 with checkpoints."));
    options.add(
        OptionSpec.oneOf(
            "idFrom",
            List.of("message-id", "correlation-id"),
            "message-id",
            "The property by which a message that comes again is known."));
    options.add(
        OptionSpec.optional(
            "requireId",
            OptionSpec.Type.BOOLEAN,
            "false",
            "Whether a message without that property is bad."));
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
    RequiredLibrary.check("com.rabbitmq.client.Connection", "com.rabbitmq:amqp-client", NAME);
    OptionProblems problems = new OptionProblems(NAME);
    ServerAddress server = server(options, problems);
    if (options.has("prefetch")) {
      problems.range("prefetch", options.integer("prefetch"), 1, MAX_PREFETCH);
    }
    boolean declare = options.bool("declare");
    if (!declare && !options.map("arguments").isEmpty()) {
      problems.add("arguments", "the queue is not declared", "set declare: true, or leave it out");
    }
    BacklogSettings backlog = BacklogOptions.settings(options, problems);
    long prefetch =
        options.has("prefetch")
            ? options.integer("prefetch")
            : backlog.isSpooled() ? 1_000 : 10_000;
    int window = backlog.deduplicationWindow();
    if (backlog.isSpooled() && window > 0 && window < prefetch) {
      problems.add(
          "deduplicationWindow",
          window + " ids are fewer than the " + prefetch + " messages that may come again",
          "give at least prefetch, or 0 for none");
    }
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields = MessageFields.of(options, List.of(), format.schema(), problems);
    problems.throwIfAny();
    String path = server == null ? null : server.path();
    return new RabbitMqSource(
        Objects.requireNonNull(server),
        path == null ? options.string("virtualHost") : path,
        new RabbitMqSource.Queue(
            options.string("queue"),
            declare,
            options.bool("durable"),
            Map.copyOf(options.map("arguments"))),
        (int) prefetch,
        options.string("idFrom").equals("message-id"),
        options.bool("requireId"),
        backlog,
        format,
        fields);
  }

  private static @Nullable ServerAddress server(ConnectorOptions options, OptionProblems problems) {
    ServerOptions servers = new ServerOptions(options, problems);
    if (options.has(ServerOptions.URI_OPTION)) {
      return servers.byUri(
          List.of(
              new ServerOptions.Scheme("amqp", 5672, false),
              new ServerOptions.Scheme("amqps", 5671, true)));
    }
    long port = options.has("port") ? options.integer("port") : options.bool("tls") ? 5671 : 5672;
    problems.range("port", port, 1, 65_535);
    return servers.byHost(options.string("host"), (int) port);
  }
}
