package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.NearestName;
import io.fluxcore.infrastructure.sql.catalogue.Catalogue;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueView;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.jspecify.annotations.Nullable;

/** What a name that is not there was probably meant to be. */
final class Suggestions {
  private static final Pattern COLUMN =
      Pattern.compile("Column '([^']+)' not found in (any table|table '([^']+)').*");
  private static final Pattern OBJECT = Pattern.compile("(?:Object|Table) '([^']+)' not found.*");
  private static final Pattern FUNCTION =
      Pattern.compile("No match found for function signature ([^(]+)\\(.*", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Catalogue catalogue;
  private final SqlOperatorTable operators;
  private final String query;

  Suggestions(Catalogue catalogue, SqlOperatorTable operators, String query) {
    this.catalogue = catalogue;
    this.operators = operators;
    this.query = query;
  }

  /** A remedy for what Calcite says, or null where nothing is known that helps. */
  @Nullable String remedy(String message) {
    Matcher column = COLUMN.matcher(message);
    if (column.matches()) {
      return column(column.group(1), column.group(3));
    }
    Matcher object = OBJECT.matcher(message);
    if (object.matches()) {
      return table(object.group(1));
    }
    Matcher function = FUNCTION.matcher(message);
    return function.matches() ? function(function.group(1).strip()) : null;
  }

  private String column(String name, @Nullable String table) {
    Set<String> known = table == null ? Set.of() : columns(table);
    if (known.isEmpty()) {
      known = new LinkedHashSet<>();
      for (String one : tables()) {
        if (isNamed(one)) {
          known.addAll(columns(one));
        }
      }
    }
    return known.isEmpty()
        ? "DESCRIBE tells the columns of a table"
        : NearestName.remedy(name, known, "columns are");
  }

  /** Whether the query has the name of a table, as a word of its own. */
  private boolean isNamed(String table) {
    Matcher word = WORD.matcher(query);
    while (word.find()) {
      if (word.group().equals(table)) {
        return true;
      }
    }
    return query.contains("`" + table + "`");
  }

  private Set<String> tables() {
    Set<String> names = new LinkedHashSet<>();
    catalogue.tables().forEach(table -> names.add(table.name()));
    catalogue.views().forEach(view -> names.add(view.name()));
    return names;
  }

  /** The columns of a table or view; none if it is not one. */
  private Set<String> columns(String name) {
    Set<String> names = new LinkedHashSet<>();
    CatalogueTable table = catalogue.table(name);
    CatalogueView view = catalogue.view(name);
    if (table != null) {
      table.columns().forEach(column -> names.add(column.name()));
    } else if (view != null) {
      names.addAll(view.rowType().getFieldNames());
    }
    return names;
  }

  private String table(String name) {
    Set<String> known = tables();
    return known.isEmpty()
        ? "create it first: CREATE TABLE …"
        : NearestName.remedy(name, known, "there are");
  }

  private String function(String name) {
    Set<String> known = new TreeSet<>();
    for (SqlOperator operator : operators.getOperatorList()) {
      if (operator instanceof SqlFunction && operator.getName().matches("\\w+")) {
        known.add(operator.getName().toUpperCase(Locale.ROOT));
      }
    }
    if (known.contains(name.toUpperCase(Locale.ROOT))) {
      return "the function is there, for other arguments: cast them, or give fewer or more";
    }
    String nearest = NearestName.of(name, known);
    return (nearest == null ? "" : "did you mean '" + nearest + "'? ")
        + "SHOW FUNCTIONS lists what there is";
  }
}
