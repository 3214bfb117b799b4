package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.BufferOptions;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.TlsOptions;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Reads records that come over TCP, from a server that is called or from clients that call. */
public final class SocketSourceConnector implements SourceConnector {
  private static final String NAME = "socket";
  private static final String MODE = "mode";
  private static final String SERVER = "server";
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String FRAMING = "framing";
  private static final String MAX_RECORD_BYTES = "maxRecordBytes";
  private static final String MAX_CONNECTIONS = "maxConnections";
  private static final String SILENCE_TIMEOUT = "silenceTimeout";
  private static final int MOST_CONNECTIONS = 10_000;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads records that come over TCP, from a server that is called or from clients that"
              + " call.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public SocketSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.oneOf(
            MODE,
            List.of("client", SERVER),
            "client",
            "Whether a server is called, again and again, or clients call here."));
    options.add(
        OptionSpec.required(
                HOST,
                OptionSpec.Type.STRING,
                "Client: the host to call. Server: the address of this machine to listen at:"
                    + " `127.0.0.1` for local clients only, `0.0.0.0` for all.")
            .asAddress());
    options.add(
        OptionSpec.required(
                PORT, OptionSpec.Type.LONG, "The port to call, or to listen at; 1 to 65535.")
            .asAddress());
    options.add(
        OptionSpec.oneOf(
            FRAMING,
            List.of(Framing.LINES.word(), Framing.LENGTH.word()),
            Framing.LINES.word(),
            "How records follow each other: each is a line, or comes after its length of four"
                + " bytes, big-endian."));
    options.add(
        OptionSpec.optional(
            MAX_RECORD_BYTES,
            OptionSpec.Type.SIZE,
            "1mb",
            "A longer record is bad, and only its first 4 kB are kept; 16 bytes to 256mb."));
    options.add(
        OptionSpec.optional(
            MAX_CONNECTIONS,
            OptionSpec.Type.LONG,
            "100",
            "Server: how many clients may be connected at once; others are refused; 1 to 10000."));
    options.add(
        OptionSpec.optional(
            SILENCE_TIMEOUT,
            OptionSpec.Type.DURATION,
            "0s",
            "How long a connection may be silent before it is ended; 0: for ever."));
    options.addAll(TlsOptions.specs());
    options.addAll(
        BufferOptions.specs("those that are in it outlive the process", "nothing more is read"));
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
    OptionProblems problems = new OptionProblems(NAME);
    boolean isServer = options.string(MODE).equals(SERVER);
    if (options.string(HOST).isBlank()) {
      problems.add(HOST, "it is empty", "give a name or an address");
    }
    problems.range(PORT, options.integer(PORT), 1, 65_535);
    long maxRecordBytes = options.size(MAX_RECORD_BYTES);
    problems.range(MAX_RECORD_BYTES, maxRecordBytes, 16, 256L << 20);
    problems.range(MAX_CONNECTIONS, options.integer(MAX_CONNECTIONS), 1, MOST_CONNECTIONS);
    Duration silence = options.duration(SILENCE_TIMEOUT);
    problems.range(SILENCE_TIMEOUT, silence.toMillis(), 0, Duration.ofDays(20).toMillis());
    TlsOptions tls = TlsOptions.of(options, problems);
    if (isServer && tls.enabled() && tls.keyStore() == null) {
      problems.add(
          "tlsKeyStore",
          "clients are to be spoken with by TLS, and there is no certificate to show them",
          "give a file with certificate and key, or leave out tls");
    }
    BufferSettings buffer =
        BufferOptions.settings(options, MAX_RECORD_BYTES, maxRecordBytes, problems);
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields = MessageFields.of(options, List.of(), format.schema(), problems);
    problems.throwIfAny();
    return new SocketSource(
        new SocketSettings(
            isServer,
            options.string(HOST),
            (int) options.integer(PORT),
            tls.enabled() ? new TlsStores(tls) : null,
            (int) options.integer(MAX_CONNECTIONS),
            silence,
            Framing.of(options.string(FRAMING)),
            (int) maxRecordBytes),
        buffer,
        format,
        fields);
  }
}
