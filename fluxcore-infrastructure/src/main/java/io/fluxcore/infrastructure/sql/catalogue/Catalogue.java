package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables, views and functions of a session, by name. Not thread-safe. */
public final class Catalogue {
  private final Map<String, CatalogueTable> tables = new LinkedHashMap<>();
  private final Map<String, CatalogueView> views = new LinkedHashMap<>();

  private final Map<String, CatalogueUserFunction> functions = new TreeMap<>();

  /** The functions that were defined, by name. */
  public Collection<CatalogueUserFunction> functions() {
    return functions.values();
  }

  /** The function of this name in any case, or null. */
  public @Nullable CatalogueUserFunction function(String name) {
    return functions.get(name.toUpperCase(Locale.ROOT));
  }

  /**
   * Adds a function.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if one of its name was defined before
   */
  public void add(CatalogueUserFunction function) {
    if (functions.putIfAbsent(function.name().toUpperCase(Locale.ROOT), function) != null) {
      throw FluxCoreException.conflict(
          "FLX-QUERY-0021",
          Place.of("function '" + function.name() + "'"),
          "there is a function '" + function.name() + "' already",
          "choose another name, DROP FUNCTION it first, or write IF NOT EXISTS");
    }
  }

  /** Forgets a function; returns whether it was defined. */
  public boolean dropFunction(String name) {
    return functions.remove(name.toUpperCase(Locale.ROOT)) != null;
  }

  public Collection<CatalogueTable> tables() {
    return tables.values();
  }

  public Collection<CatalogueView> views() {
    return views.values();
  }

  public @Nullable CatalogueTable table(String name) {
    return tables.get(name);
  }

  public @Nullable CatalogueView view(String name) {
    return views.get(name);
  }

  public boolean has(String name) {
    return tables.containsKey(name) || views.containsKey(name);
  }

  /**
   * The table of this name.
   *
   * @throws FluxCoreException of category USER if there is none
   */
  public CatalogueTable requireTable(String name) {
    CatalogueTable table = tables.get(name);
    if (table == null) {
      List<String> names = new ArrayList<>(tables.keySet());
      throw FluxCoreException.user(
          "FLX-QUERY-0020",
          Place.of("table '" + name + "'"),
          "there is no table '" + name + "'",
          names.isEmpty()
              ? "create it first: CREATE TABLE …"
              : NearestName.remedy(name, names, "there are"));
    }
    return table;
  }

  public void add(CatalogueTable table) {
    requireFree(table.name());
    tables.put(table.name(), table);
  }

  /** Adds a view, in place of one of the same name if that is wanted. */
  public void add(CatalogueView view, boolean replace) {
    if (!replace || !views.containsKey(view.name())) {
      requireFree(view.name());
    }
    views.put(view.name(), view);
  }

  private void requireFree(String name) {
    if (has(name)) {
      throw FluxCoreException.conflict(
          "FLX-QUERY-0021",
          Place.of("'" + name + "'"),
          "there is a table or view '" + name + "' already",
          "choose another name, DROP it first, or write IF NOT EXISTS");
    }
  }

  /** Forgets a table; returns whether there was one. */
  public boolean dropTable(String name) {
    return tables.remove(name) != null;
  }

  /** Forgets a view; returns whether there was one. */
  public boolean dropView(String name) {
    return views.remove(name) != null;
  }
}
