package io.fluxcore.application.view;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows as a materialised view: by the key that was given, or that the rows are known to have,
 * or else each as often as it is there. One subtask writes, so that what is published is a state
 * that the view as a whole has had.
 */
final class ViewSinkConnector implements SinkConnector {
  static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          MaterializedViews.CONNECTOR,
          "Keeps rows as a materialised view.",
          List.of(
              OptionSpec.required(
                  MaterializedViews.NAME_OPTION, OptionSpec.Type.STRING, "The name of the view."),
              OptionSpec.optional(
                  MaterializedViews.KEY_OPTION,
                  OptionSpec.Type.LIST,
                  null,
                  "The fields that name a row; without it those that are known to.")),
          EnumSet.of(Capability.CHANGELOG, Capability.IDEMPOTENT),
          DeliveryGuarantee.EXACTLY_ONCE);

  private final MaterializedViews views;

  ViewSinkConnector(MaterializedViews views) {
    this.views = views;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    return create(options, schema, Changes.appends());
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema, Changes rows) {
    String name = options.string(MaterializedViews.NAME_OPTION);
    List<String> given =
        options.has(MaterializedViews.KEY_OPTION)
            ? options.list(MaterializedViews.KEY_OPTION)
            : null;
    List<String> key = given == null ? rows.key() : given;
    for (String field : key == null ? List.<String>of() : key) {
      if (schema.find(field) == null) {
        throw FluxCoreException.user(
            "FLX-VIEW-0005",
            Place.of("view '" + name + "'"),
            "it has no field '" + field + "' that could name its rows",
            NearestName.remedy(field, schema.fieldNames(), "fields are"));
      }
    }
    return new ViewSink(views, name, new ViewLayout(schema, key), takes(key));
  }

  private static Changes takes(@Nullable List<String> key) {
    return key == null ? Changes.retracts(null) : Changes.upserts(key);
  }

  /** A view that is written. */
  record ViewSink(MaterializedViews views, String name, ViewLayout layout, Changes takes)
      implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return views.open(name, layout);
    }

    @Override
    public boolean keepsBatches() {
      return false;
    }
  }
}
