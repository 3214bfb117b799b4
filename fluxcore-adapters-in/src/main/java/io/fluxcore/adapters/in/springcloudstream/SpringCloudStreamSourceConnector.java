package io.fluxcore.adapters.in.springcloudstream;

import io.fluxcore.adapters.in.backlog.BacklogOptions;
import io.fluxcore.adapters.in.backlog.BacklogSettings;
import io.fluxcore.adapters.in.format.FormatOptions;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.MessageBindings;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a binding of Spring Cloud Stream, by whatever binder the application has for it. */
public final class SpringCloudStreamSourceConnector implements SourceConnector {
  private static final String NAME = "springcloudstream";
  private static final String NO_BINDINGS = "FLX-BINDING-0001";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads a binding of Spring Cloud Stream, in an application that has it.",
          options(),
          EnumSet.of(Capability.REPLAYABLE, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.EXACTLY_ONCE);

  private final @Nullable MessageBindings bindings;

  /**
   * One without bindings, which says so. Needed by {@link java.util.ServiceLoader}; where there are
   * bindings, the host has a connector with them in its place.
   */
  public SpringCloudStreamSourceConnector() {
    this.bindings = null;
  }

  public SpringCloudStreamSourceConnector(MessageBindings bindings) {
    this.bindings = bindings;
  }

  private static List<OptionSpec> options() {
    List<OptionSpec> options = new ArrayList<>();
    options.add(
        OptionSpec.required(
            "binding",
            OptionSpec.Type.STRING,
            "The name of the binding; `spring.cloud.stream.bindings.NAME` says its destination,"
                + " group and binder."));
    options.add(
        OptionSpec.optional(
            "idHeader",
            OptionSpec.Type.STRING,
            null,
            "The header by which a message that comes again is known; unless given, topic,"
                + " partition and offset of Kafka, or the message id of RabbitMQ."));
    options.addAll(BacklogOptions.spoolSpecs());
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
    BacklogSettings backlog = BacklogOptions.spoolSettings(options, problems);
    RecordFormat format = new FormatOptions(options, services, problems).message();
    MessageFields fields = MessageFields.of(options, List.of(), format.schema(), problems);
    problems.throwIfAny();
    return new BindingSource(
        options.string("binding"),
        options.optionalString("idHeader"),
        given,
        backlog,
        format,
        fields);
  }
}
