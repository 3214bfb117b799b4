package io.fluxcore.infrastructure.sql.catalogue;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.jspecify.annotations.Nullable;

/** Operators that are always there, and the functions of a session, which go before them. */
public final class SessionOperators implements SqlOperatorTable {
  private final Catalogue catalogue;
  private final SqlOperatorTable always;

  public SessionOperators(Catalogue catalogue, SqlOperatorTable always) {
    this.catalogue = catalogue;
    this.always = always;
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier name,
      @Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> found,
      SqlNameMatcher matcher) {
    CatalogueUserFunction own =
        name.isSimple() && syntax == SqlSyntax.FUNCTION
            ? catalogue.function(name.getSimple())
            : null;
    if (own == null) {
      always.lookupOperatorOverloads(name, category, syntax, found, matcher);
    } else {
      found.add(own.operator());
    }
  }

  @Override
  public List<SqlOperator> getOperatorList() {
    List<SqlOperator> all = new ArrayList<>(always.getOperatorList());
    catalogue.functions().forEach(function -> all.add(function.operator()));
    return all;
  }
}
