package io.fluxcore.adapters.out.springcloudstream;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.MessageBindings;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A binding that messages go to. */
record BindingSink(
    String binding,
    MessageBindings bindings,
    Schema schema,
    List<String> headerFields,
    String contentType,
    Duration confirmTimeout,
    MessageEncoder.Factory encoders)
    implements Sink {
  private static final String UNUSABLE = "FLX-BINDING-0002";

  /** Of a binding that cannot be used {@link #check} tells. */
  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return bindings.problem(binding) != null || bindings.isConfirmed(binding)
        ? null
        : DeliveryGuarantee.AT_MOST_ONCE;
  }

  @Override
  public void check() {
    String problem = bindings.problem(binding);
    if (problem != null) {
      throw FluxCoreException.user(
          UNUSABLE,
          Place.of("binding"),
          "binding '" + binding + "' cannot be written: " + problem,
          "see spring.cloud.stream.bindings." + binding);
    }
  }

  @Override
  public Changes takes() {
    return encoders.takes();
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new BindingWriter(this, encoders.create());
  }
}
