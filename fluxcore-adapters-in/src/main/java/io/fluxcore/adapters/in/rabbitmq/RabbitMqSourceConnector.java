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

/** Reads the messages of a queue of RabbitMQ, which may be a stream. */
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
    options.add(StreamSettings.spec());
    options.addAll(StreamSettings.specs());
    options.addAll(BacklogOptions.specs());
    options.add(
        OptionSpec.optional(
            "prefetch",
            OptionSpec.Type.LONG,
            null,
            "How many messages the server gives without acknowledgement, 1 to 65535; unless given,"
                + " 1000 with a spool or of a stream, and 10000 with checkpoints."));
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
    options.add(MessageFields.option(List.of(StreamSettings.OFFSET)));
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
    StreamSettings stream = StreamSettings.of(options, problems);
    BacklogSettings backlog = stream == null ? BacklogOptions.settings(options, problems) : null;
    boolean isHeld = backlog != null && !backlog.isSpooled();
    long prefetch = options.has("prefetch") ? options.integer("prefetch") : isHeld ? 10_000 : 1_000;
    if (backlog != null) {
      checkWindow(backlog, prefetch, problems);
    }
    RecordFormat format = new FormatOptions(options, services, problems).message();
    List<String> parts = stream == null ? List.of() : List.of(StreamSettings.OFFSET);
    MessageFields fields = MessageFields.of(options, parts, format.schema(), problems);
    problems.throwIfAny();
    ServerAddress known = Objects.requireNonNull(server);
    String path = known.path();
    String virtualHost = path == null ? options.string("virtualHost") : path;
    RabbitMqSource.Queue queue = queue(options, stream != null);
    boolean byMessageId = options.string("idFrom").equals("message-id");
    return stream != null
        ? new StreamSource(
            known, virtualHost, queue, (int) prefetch, byMessageId, stream, format, fields)
        : new RabbitMqSource(
            known,
            virtualHost,
            queue,
            (int) prefetch,
            byMessageId,
            options.bool("requireId"),
            Objects.requireNonNull(backlog),
            format,
            fields);
  }

  private static RabbitMqSource.Queue queue(ConnectorOptions options, boolean isStream) {
    Map<String, Object> arguments = options.map("arguments");
    return new RabbitMqSource.Queue(
        options.string("queue"),
        isStream,
        options.bool("declare"),
        options.bool("durable"),
        isStream ? StreamSettings.declared(arguments) : Map.copyOf(arguments));
  }

  private static void checkWindow(BacklogSettings backlog, long prefetch, OptionProblems problems) {
    int window = backlog.deduplicationWindow();
    if (backlog.isSpooled() && window > 0 && window < prefetch) {
      problems.add(
          "deduplicationWindow",
          window + " ids are fewer than the " + prefetch + " messages that may come again",
          "give at least prefetch, or 0 for none");
    }
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
