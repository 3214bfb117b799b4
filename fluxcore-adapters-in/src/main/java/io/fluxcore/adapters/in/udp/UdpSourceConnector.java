package io.fluxcore.adapters.in.udp;

import io.fluxcore.adapters.in.backlog.BufferOptions;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.backlog.ListeningAddress;
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
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Reads datagrams that are sent to a port, each as a record. */
public final class UdpSourceConnector implements SourceConnector {
  private static final String NAME = "udp";
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String RECEIVE_BUFFER_BYTES = "receiveBufferBytes";
  private static final long LARGEST = 65_535;

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads datagrams that are sent to a port, each as a record.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public UdpSourceConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            HOST,
            OptionSpec.Type.STRING,
            "The address of this machine to listen at: `127.0.0.1` for local senders only,"
                + " `0.0.0.0` for all."));
    options.add(
        OptionSpec.required(PORT, OptionSpec.Type.LONG, "The port to listen at; 1 to 65535."));
    options.add(
        OptionSpec.optional(
            RECEIVE_BUFFER_BYTES,
            OptionSpec.Type.SIZE,
            "4mb",
            "What the system is asked to keep for the source while it is busy, 64kb to 256mb; it"
                + " gives no more than it allows (Linux: `net.core.rmem_max`)."));
    options.addAll(
        BufferOptions.specs("those that are in it outlive the process", "datagrams are lost"));
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
    if (options.string(HOST).isBlank()) {
      problems.add(HOST, "it is empty", "give an address, such as 127.0.0.1 or 0.0.0.0");
    }
    problems.range(PORT, options.integer(PORT), 1, 65_535);
    long receiveBuffer = options.size(RECEIVE_BUFFER_BYTES);
    problems.range(RECEIVE_BUFFER_BYTES, receiveBuffer, 64 << 10, 256 << 20);
    BufferSettings buffer = BufferOptions.settings(options, problems);
    if (!buffer.hasRoomFor(LARGEST)) {
      problems.add(
          buffer.isDurable() ? "spoolBytes" : "bufferBytes",
          "a datagram may have " + LARGEST + " bytes, which is more than half of it",
          "give at least 256kb");
    }
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields = MessageFields.of(options, List.of(), format.schema(), problems);
    problems.throwIfAny();
    return new UdpSource(
        new UdpSettings(
            new ListeningAddress(options.string(HOST), (int) options.integer(PORT)),
            (int) receiveBuffer),
        buffer,
        format,
        fields);
  }
}
