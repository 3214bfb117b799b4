package io.fluxcore.adapters.out.rabbitmq;

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
import org.jspecify.annotations.Nullable;

/** Writes rows as messages to an exchange of RabbitMQ. */
public final class RabbitMqSinkConnector implements SinkConnector {
  private static final String NAME = "rabbitmq";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows as messages to an exchange of RabbitMQ.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG),
          DeliveryGuarantee.AT_LEAST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public RabbitMqSinkConnector() {}

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
        OptionSpec.optional(
            "exchange",
            OptionSpec.Type.STRING,
            "",
            "The exchange, which is there; unless given, the default one, which takes the routing"
                + " key for the name of a queue."));
    options.add(
        OptionSpec.optional(
            "routingKey", OptionSpec.Type.STRING, null, "The routing key of all messages."));
    options.add(
        OptionSpec.optional(
            "routingKeyField",
            OptionSpec.Type.STRING,
            null,
            "The field that holds the routing key of a row."));
    options.add(
        OptionSpec.optional(
            "mandatory",
            OptionSpec.Type.BOOLEAN,
            "true",
            "Whether a message that no queue takes is a failed row; otherwise it is lost."));
    options.add(
        OptionSpec.optional(
            "persistent",
            OptionSpec.Type.BOOLEAN,
            "true",
            "Whether messages outlive the server, in queues that do."));
    options.add(
        OptionSpec.optional(
            "idField",
            OptionSpec.Type.STRING,
            null,
            "The field that becomes the message id, by which readers can leave out a row that comes"
                + " twice."));
    options.add(
        OptionSpec.optional(
            "headerFields",
            OptionSpec.Type.LIST,
            null,
            "Fields that are headers of the message, too."));
    options.add(
        OptionSpec.optional(
            "contentType",
            OptionSpec.Type.STRING,
            null,
            "The content type of messages; that of the format unless given."));
    options.add(
        OptionSpec.optional(
            "batchSize",
            OptionSpec.Type.LONG,
            "1000",
            "How many messages wait for their confirmation at most; 1 to 100000."));
    options.add(
        OptionSpec.optional(
            "confirmTimeout",
            OptionSpec.Type.DURATION,
            "30s",
            "How long the server may take to confirm messages; then writing has failed,"
                + " and is tried again as the error policy says."));
    options.add(
        OptionSpec.optional(
            "maxMessageBytes",
            OptionSpec.Type.SIZE,
            "16mb",
            "A larger message is a failed row; no more than the server takes, or it ends the"
                + " connection each time."));
    options.addAll(EncoderOptions.ofMessages());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    RequiredLibrary.check("com.rabbitmq.client.Connection", "com.rabbitmq:amqp-client", NAME);
    OptionProblems problems = new OptionProblems(NAME);
    ServerAddress server = server(options, problems);
    if (options.has("routingKey") && options.has("routingKeyField")) {
      problems.add("routingKeyField", "there is a routingKey beside", "give one of the two");
    }
    if (options.string("exchange").isEmpty()
        && !options.has("routingKey")
        && !options.has("routingKeyField")) {
      problems.add(
          "exchange",
          "the default exchange needs a routing key, the name of a queue",
          "give exchange, routingKey or routingKeyField");
    }
    problems.range("batchSize", options.integer("batchSize"), 1, 100_000);
    problems.range("maxMessageBytes", options.size("maxMessageBytes"), 1, 1L << 30);
    int routingKeyField = field("routingKeyField", options, schema, problems);
    int idField = field("idField", options, schema, problems);
    List<String> headerFields = options.list("headerFields");
    headerFields.forEach(name -> field("headerFields", name, schema, problems));
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    String path = server == null ? null : server.path();
    String fixedKey = options.optionalString("routingKey");
    String contentType = options.optionalString("contentType");
    return new RabbitMqSink(
        Objects.requireNonNull(server),
        path == null ? options.string("virtualHost") : path,
        options.string("exchange"),
        options.bool("mandatory"),
        (int) options.integer("batchSize"),
        options.duration("confirmTimeout"),
        (int) options.size("maxMessageBytes"),
        new MessageShape(
            schema,
            fixedKey == null ? "" : fixedKey,
            routingKeyField,
            idField,
            headerFields,
            contentType == null ? contentType(options.string("format")) : contentType,
            options.bool("persistent")),
        encoders);
  }

  private static String contentType(String format) {
    return switch (format) {
      case "json" -> "application/json";
      case "csv" -> "text/csv";
      case "text" -> "text/plain";
      default -> "application/octet-stream";
    };
  }

  /** The ordinal of the field that an option names; -1: it names none. */
  private static int field(
      String option, ConnectorOptions options, Schema schema, OptionProblems problems) {
    String name = options.optionalString(option);
    return name == null ? -1 : field(option, name, schema, problems);
  }

  private static int field(String option, String name, Schema schema, OptionProblems problems) {
    int field = schema.indexOf(name);
    if (field < 0) {
      problems.add(
          option,
          "there is no field '" + name + "'",
          "fields are " + String.join(", ", schema.fieldNames()));
    }
    return field;
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
