package io.fluxcore.adapters.out.sse;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.TlsOptions;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Tells rows to clients that connect, as server-sent events. */
public final class SseSinkConnector implements SinkConnector {
  private static final String NAME = "sse";
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String PATH = "path";
  private static final String ALLOWED_ORIGINS = "allowedOrigins";
  private static final String MAX_CLIENTS = "maxClients";
  private static final String BUFFER_EVENTS = "bufferEvents";
  private static final String BUFFER_BYTES = "bufferBytes";
  private static final String HEARTBEAT = "heartbeat";
  private static final String SEND_TIMEOUT = "sendTimeout";
  private static final Set<String> BINARY = Set.of("raw", "avro", "protobuf");

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
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            HOST,
            OptionSpec.Type.STRING,
            "The address of this machine to listen at: `127.0.0.1` for local clients only,"
                + " `0.0.0.0` for all."));
    options.add(
        OptionSpec.required(PORT, OptionSpec.Type.LONG, "The port to listen at; 1 to 65535."));
    options.add(
        OptionSpec.optional(
            PATH, OptionSpec.Type.STRING, "/", "The path that clients must ask for."));
    options.addAll(Access.specs("Clients"));
    options.add(
        OptionSpec.optional(
            ALLOWED_ORIGINS,
            OptionSpec.Type.LIST,
            null,
            "Web origins, such as `https://example.com`, whose pages may read; `*` for all. Without"
                + " it pages of none may, and programs do."));
    options.add(
        OptionSpec.optional(
            MAX_CLIENTS,
            OptionSpec.Type.LONG,
            "100",
            "How many clients may be connected at once; others are refused; 1 to 10000."));
    options.add(
        OptionSpec.optional(
            BUFFER_EVENTS,
            OptionSpec.Type.LONG,
            "10000",
            "How many of the last events are kept for clients that are slow or come back; 1 to"
                + " 10000000."));
    options.add(
        OptionSpec.optional(
            BUFFER_BYTES,
            OptionSpec.Type.SIZE,
            "16mb",
            "Bytes of these events at most; the newest one is kept whatever it has; from 64kb."));
    options.add(
        OptionSpec.optional(
            HEARTBEAT,
            OptionSpec.Type.DURATION,
            "10s",
            "How often a stream without events says that it lives; 100ms to 1h."));
    options.add(
        OptionSpec.optional(
            SEND_TIMEOUT,
            OptionSpec.Type.DURATION,
            "30s",
            "How long a client may take nothing of what is sent before it is dropped; 100ms to"
                + " 1h."));
    options.addAll(TlsOptions.specs());
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
    if (options.string(HOST).isBlank()) {
      problems.add(HOST, "it is empty", "give an address, such as 127.0.0.1 or 0.0.0.0");
    }
    problems.range(PORT, options.integer(PORT), 1, 65_535);
    if (!options.string(PATH).matches("/[!-~&&[^?#]]*")) {
      problems.add(
          PATH, "'" + options.string(PATH) + "' is no path", "give one that begins with /");
    }
    problems.range(MAX_CLIENTS, options.integer(MAX_CLIENTS), 1, 10_000);
    problems.range(BUFFER_EVENTS, options.integer(BUFFER_EVENTS), 1, 10_000_000);
    problems.range(BUFFER_BYTES, options.size(BUFFER_BYTES), 64 << 10, 1L << 40);
    Duration heartbeat = options.duration(HEARTBEAT);
    problems.range(HEARTBEAT, heartbeat.toMillis(), 100, Duration.ofHours(1).toMillis());
    Duration sendTimeout = options.duration(SEND_TIMEOUT);
    problems.range(SEND_TIMEOUT, sendTimeout.toMillis(), 100, Duration.ofHours(1).toMillis());
    if (BINARY.contains(options.string("format"))) {
      problems.add(
          "format",
          "server-sent events are text, which " + options.string("format") + " is not",
          "set format: json, csv or text");
    }
    TlsOptions tls = TlsOptions.of(options, problems);
    if (tls.enabled() && tls.keyStore() == null) {
      problems.add(
          "tlsKeyStore",
          "clients are to be spoken with by TLS, and there is no certificate to show them",
          "give a file with certificate and key, or leave out tls");
    }
    Access access = Access.of(options, problems);
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    return new SseSink(
        new SseOptions(
            options.string(HOST),
            (int) options.integer(PORT),
            options.string(PATH),
            access,
            tls.enabled() ? new TlsStores(tls) : null,
            options.list(ALLOWED_ORIGINS),
            (int) options.integer(MAX_CLIENTS),
            (int) options.integer(BUFFER_EVENTS),
            options.size(BUFFER_BYTES),
            heartbeat,
            sendTimeout),
        encoders);
  }
}
