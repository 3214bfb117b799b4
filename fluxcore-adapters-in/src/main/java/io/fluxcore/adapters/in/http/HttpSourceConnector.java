package io.fluxcore.adapters.in.http;

import io.fluxcore.adapters.in.backlog.BufferOptions;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.format.FieldOptions;
import io.fluxcore.adapters.in.format.FieldSettings;
import io.fluxcore.adapters.in.format.JsonFormat;
import io.fluxcore.adapters.in.format.RecordOptions;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * Reads events that are published into a named stream of this process. Publishers reach the streams
 * of the sources that one connector object made through its {@link #streams()}: whoever assembles a
 * process hands that object to the registry and its streams to the REST controller.
 */
public final class HttpSourceConnector implements SourceConnector {
  private static final String NAME = "http";
  private static final String STREAM = "stream";
  private static final String ID_FIELD = "idField";
  private static final String MAX_EVENT_BYTES = "maxEventBytes";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads events that are published into a named stream of this process.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  private final PublishHub hub;

  /** With streams of its own. Needed by {@link java.util.ServiceLoader}. */
  public HttpSourceConnector() {
    this(InstantSource.system());
  }

  HttpSourceConnector(InstantSource clock) {
    this.hub = new PublishHub(clock);
  }

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            STREAM,
            OptionSpec.Type.STRING,
            "The name that publishers call the stream by: letters, digits, `.`, `_` and `-`."));
    options.addAll(Access.specs("Publishers from outside"));
    options.addAll(
        BufferOptions.specs(
            "they are accepted when they are on its disk", "publishers are refused"));
    options.addAll(
        List.of(
            OptionSpec.optional(
                MAX_EVENT_BYTES,
                OptionSpec.Type.SIZE,
                "1mb",
                "A larger event is rejected; 1kb to 256mb."),
            OptionSpec.optional(
                ID_FIELD,
                OptionSpec.Type.STRING,
                null,
                "The field that holds an event's identity: a string, or a long."),
            RecordOptions.SCHEMA,
            RecordOptions.TIMESTAMP_FORMAT,
            RecordOptions.TIME_ZONE,
            OptionSpec.optional(
                "required",
                OptionSpec.Type.LIST,
                null,
                "Fields that must be there and not null; an event without one is bad.")));
    return options;
  }

  /** The streams that sources of this connector read, for publishers. */
  public PublishStreams streams() {
    return hub;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    if (!options.string(STREAM).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      problems.add(
          STREAM,
          "'" + options.string(STREAM) + "' is no name of a stream",
          "write at most 128 letters, digits, '.', '_' and '-', beginning with one of the first two");
    }
    problems.range(MAX_EVENT_BYTES, options.size(MAX_EVENT_BYTES), 1 << 10, 256L << 20);
    Access access = Access.of(options, problems);
    BufferSettings buffer = BufferOptions.settings(options, problems);
    FieldOptions fields = new FieldOptions(options, problems);
    Schema schema = fields.schema();
    Map<String, String> timeFormats = fields.timeFormats();
    ZoneId zone = fields.zone();
    problems.throwIfAny();
    return new HttpSource(
        hub,
        new HttpSource.Settings(
            options.string(STREAM),
            options.optionalString(ID_FIELD),
            options.size(MAX_EVENT_BYTES),
            access,
            buffer),
        new JsonFormat(
            schema, new FieldSettings(timeFormats, zone, null, options.list("required"), false)));
  }
}
