package io.fluxcore.application.view;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The materialised views whose jobs run in this process: the jobs write them by a sink, and whoever
 * knows the name reads them. Thread-safe.
 */
public final class MaterializedViews {
  /** The name of the connector that writes and reads views. */
  public static final String CONNECTOR = "view";

  /** The option of the connector that names a view. */
  public static final String NAME_OPTION = "name";

  /** The option of the sink that names the fields of the key. */
  public static final String KEY_OPTION = "key";

  private final Map<String, Published> views = new TreeMap<>();

  /** No views yet. */
  public MaterializedViews() {}

  /** What was published of a view. */
  private static final class Published implements MaterializedView {
    private final String name;
    private volatile @Nullable ViewSnapshot snapshot;
    private boolean isWritten;

    Published(String name) {
      this.name = name;
    }

    private ViewSnapshot current() {
      ViewSnapshot current = snapshot;
      if (current == null) {
        throw new IllegalStateException("a view is published when it is opened: " + name);
      }
      return current;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Schema schema() {
      return current().schema();
    }

    @Override
    public List<String> key() {
      return current().layout().key();
    }

    @Override
    public ViewSnapshot snapshot() {
      return current();
    }
  }

  /** These connectors, and the one that writes and reads the views. */
  public ConnectorRegistry in(ConnectorRegistry connectors) {
    return new ViewRegistry(connectors, this, false);
  }

  /** The same, where the connector of views is listed too: for reading jobs that are stored. */
  public ConnectorRegistry listedIn(ConnectorRegistry connectors) {
    return new ViewRegistry(connectors, this, true);
  }

  /** All views, by name. */
  public synchronized List<MaterializedView> all() {
    return List.copyOf(views.values());
  }

  public synchronized Optional<MaterializedView> find(String name) {
    return Optional.ofNullable(views.get(name));
  }

  /**
   * The view of this name.
   *
   * @throws FluxCoreException of category NOT_FOUND if there is none in this process
   */
  public synchronized MaterializedView get(String name) {
    Published view = views.get(name);
    if (view == null) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error(
              "FLX-VIEW-0001",
              Place.of("view '" + name + "'"),
              "no materialised view '" + name + "' is kept here",
              views.isEmpty()
                  ? "create it: CREATE MATERIALIZED VIEW … AS SELECT …"
                  : NearestName.remedy(name, views.keySet(), "there are")));
    }
    return view;
  }

  /**
   * Has a view be there, without rows, before its job writes it. Without effect if it is there.
   *
   * @param sink that will write it, as planned
   */
  public synchronized void announce(Sink sink) {
    ViewSinkConnector.ViewSink view = (ViewSinkConnector.ViewSink) sink;
    if (!views.containsKey(view.name())) {
      Published announced = new Published(view.name());
      ViewTable table =
          new ViewTable(view.name(), view.layout(), first -> announced.snapshot = first, () -> {});
      table.publishFirst();
      views.put(view.name(), announced);
    }
  }

  /** Forgets a view, whose job is being ended. Without effect if there is none. */
  public synchronized void forget(String name) {
    views.remove(name);
  }

  /**
   * Begins to write a view. What was published of it before is read until there is something new.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if another job writes it
   */
  synchronized SinkWriter open(String name, ViewLayout layout) {
    Published known = views.get(name);
    if (known != null && known.isWritten) {
      throw FluxCoreException.conflict(
          "FLX-VIEW-0004",
          Place.of("view '" + name + "'"),
          "another job keeps a view of this name",
          "choose another name, or end that job");
    }
    Published view = new Published(name);
    view.isWritten = true;
    ViewTable table =
        new ViewTable(name, layout, snapshot -> view.snapshot = snapshot, () -> close(view));
    table.publishFirst();
    if (known != null && known.current().layout().signature().equals(layout.signature())) {
      view.snapshot = known.current();
    }
    views.put(name, view);
    return table;
  }

  private synchronized void close(Published view) {
    view.isWritten = false;
  }
}
