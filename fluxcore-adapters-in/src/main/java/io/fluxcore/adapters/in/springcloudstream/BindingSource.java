package io.fluxcore.adapters.in.springcloudstream;

import io.fluxcore.adapters.in.backlog.BacklogReader;
import io.fluxcore.adapters.in.backlog.BacklogSettings;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.MessageBindings;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A binding. It has one split; how many threads receive its messages is the binder's affair.
 *
 * @param idHeader null: as the binder has it
 */
record BindingSource(
    String binding,
    @Nullable String idHeader,
    MessageBindings bindings,
    BacklogSettings backlog,
    RecordFormat format,
    MessageFields fields)
    implements Source {
  private static final String UNUSABLE = "FLX-BINDING-0002";

  @Override
  public @Nullable Schema schema() {
    return fields.added(format.schema(), Map.of("timestamp", DataType.TIMESTAMP_TZ));
  }

  @Override
  public Changes changes() {
    return format.changes();
  }

  @Override
  public boolean isBounded() {
    return false;
  }

  /** Of a binding that cannot be used {@link #check} tells. */
  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return bindings.problem(binding) != null || bindings.isLasting(binding)
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
          "binding '" + binding + "' cannot be read: " + problem,
          "see spring.cloud.stream.bindings." + binding);
    }
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(binding));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new BacklogReader(
        (position, arrived) -> BindingInflow.open(this, position, arrived),
        format,
        fields,
        context,
        false);
  }
}
