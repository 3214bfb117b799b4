package io.fluxcore.adapters.out.springcloudstream;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.MessageBindings;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes to a binding of Spring Cloud Stream, by whatever binder the application has for it. */
public final class SpringCloudStreamSinkConnector implements SinkConnector {
  private static final String NAME = "springcloudstream";
  private static final String NO_BINDINGS = "FLX-BINDING-0001";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows as messages to a binding of Spring Cloud Stream, in an application that has"
              + " it.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG),
          DeliveryGuarantee.AT_LEAST_ONCE);

  /** Headers that Spring gives each message itself. */
  private static final Set<String> OF_SPRING = Set.of("id", "timestamp");

  private final @Nullable MessageBindings bindings;

  /**
   * One without bindings, which says so. Needed by {@link java.util.ServiceLoader}; where there are
   * bindings, the host has a connector with them in its place.
   */
  public SpringCloudStreamSinkConnector() {
    this.bindings = null;
  }

  public SpringCloudStreamSinkConnector(MessageBindings bindings) {
    this.bindings = bindings;
  }

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            "binding",
            OptionSpec.Type.STRING,
            "The name of the binding; `spring.cloud.stream.bindings.NAME` says its destination and"
                + " binder."));
    options.add(
        OptionSpec.optional(
            "headerFields",
            OptionSpec.Type.LIST,
            null,
            "Fields that are headers of the message, too, as texts; not `id` and `timestamp`, which"
                + " Spring has itself."));
    options.add(
        OptionSpec.optional(
            "contentType",
            OptionSpec.Type.STRING,
            "application/json",
            "The content type of messages."));
    options.add(
        OptionSpec.optional(
            "confirmTimeout",
            OptionSpec.Type.DURATION,
            "30s",
            "How long the server may take to confirm messages; then writing has failed, and is"
                + " tried again as the error policy says."));
    options.addAll(EncoderOptions.ofMessages());
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    MessageBindings given = bindings;
    if (given == null) {
      throw FluxCoreException.user(
          NO_BINDINGS,
          Place.of("connector"),
          "there are no bindings of Spring Cloud Stream here",
          "use it in a Spring Boot application with fluxcore-spring-boot-starter,"
              + " org.springframework.cloud:spring-cloud-stream and a binder");
    }
    OptionProblems problems = new OptionProblems(NAME);
    List<String> headerFields = options.list("headerFields");
    for (String name : headerFields) {
      if (schema.indexOf(name) < 0) {
        problems.add(
            "headerFields",
            "there is no field '" + name + "'",
            "fields are " + String.join(", ", schema.fieldNames()));
      } else if (OF_SPRING.contains(name)) {
        problems.add(
            "headerFields",
            "each message has a header '" + name + "' of Spring's own",
            "give the field another name before");
      }
    }
    MessageEncoder.Factory encoders = EncoderOptions.messages(options, schema, problems);
    problems.throwIfAny();
    return new BindingSink(
        options.string("binding"),
        given,
        schema,
        headerFields,
        options.string("contentType"),
        options.duration("confirmTimeout"),
        encoders);
  }
}
