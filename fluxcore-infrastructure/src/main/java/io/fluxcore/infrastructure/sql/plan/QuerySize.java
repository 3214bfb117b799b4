package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.infrastructure.sql.catalogue.Catalogue;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueView;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * How large a query is once what it names stands in it: a few lines of {@code WITH}, of views, or a
 * {@code CUBE} can ask for more than any machine has. Not thread-safe.
 */
final class QuerySize {
  /** Tables that are read, each as often as it is named. */
  private static final long MAX_TABLES = 200;

  /** Queries that are within each other. */
  private static final int MAX_DEPTH = 100;

  private static final long MAX_GROUPING_SETS = 128;
  private static final int MAX_COLUMNS = 1_000;

  /** How many tables a query or view reads, and how many queries are within each other in it. */
  private record Size(long tables, int depth) {
    private static final Size NOTHING = new Size(0, 0);
    private static final Size TABLE = new Size(1, 0);

    Size plus(Size other) {
      return new Size(
          Math.min(MAX_TABLES + 1, tables + other.tables), Math.max(depth, other.depth));
    }

    Size within() {
      return new Size(tables, depth + 1);
    }
  }

  private final Catalogue catalogue;
  private final SqlText source;
  private final Map<String, Size> views;

  private QuerySize(Catalogue catalogue, SqlText source, Map<String, Size> views) {
    this.catalogue = catalogue;
    this.source = source;
    this.views = views;
  }

  /**
   * Requires that a query is not too large.
   *
   * @param source what it was parsed from
   * @throws FluxCoreException of category USER with its place, if it is
   */
  static void check(SqlNode query, Catalogue catalogue, SqlText source) {
    Size unused = new QuerySize(catalogue, source, new HashMap<>()).query(query, Map.of());
  }

  private Size query(SqlNode query, Map<String, Size> named) {
    Size size;
    if (query instanceof SqlWith with) {
      Map<String, Size> inner = new HashMap<>(named);
      for (SqlNode item : with.withList) {
        SqlWithItem of = (SqlWithItem) item;
        inner.put(of.name.getSimple(), query(of.query, inner));
      }
      size = query(with.body, inner);
    } else if (query instanceof SqlSelect select) {
      size = select(select, named);
    } else {
      size = expression(query, named);
    }
    Size within = size.within();
    if (within.tables() > MAX_TABLES) {
      throw tooLarge(
          query,
          "the query reads tables more than " + MAX_TABLES + " times, those of its views included",
          "write parts of it into tables of their own, by INSERT INTO");
    }
    if (within.depth() > MAX_DEPTH) {
      throw tooLarge(
          query,
          "more than " + MAX_DEPTH + " queries are within each other, those of its views included",
          "write parts of it into tables of their own, by INSERT INTO");
    }
    return within;
  }

  private Size select(SqlSelect select, Map<String, Size> named) {
    SqlNodeList groups = select.getGroup();
    if (groups != null) {
      long sets = 1;
      for (SqlNode group : groups) {
        sets = Math.min(MAX_GROUPING_SETS + 1, sets * groupingSets(group));
      }
      if (sets > MAX_GROUPING_SETS) {
        throw tooLarge(
            groups,
            "there are more than " + MAX_GROUPING_SETS + " grouping sets",
            "write fewer; CUBE (a, b, c) are 8");
      }
    }
    if (select.getSelectList().size() > MAX_COLUMNS) {
      throw tooLarge(
          select.getSelectList(),
          "more than " + MAX_COLUMNS + " columns are selected",
          "put values that belong together into a ROW or a MAP");
    }
    Size size = from(select.getFrom(), named);
    for (SqlNode operand : select.getOperandList()) {
      if (operand != select.getFrom()) {
        size = size.plus(expression(operand, named));
      }
    }
    return size;
  }

  private static long groupingSets(SqlNode group) {
    if (!(group instanceof SqlCall call)) {
      return 1;
    }
    int count = call.operandCount();
    return switch (call.getKind()) {
      case ROLLUP -> count + 1L;
      case CUBE -> count > Long.SIZE - 2 ? Long.MAX_VALUE / count : 1L << count;
      case GROUPING_SETS -> {
        long sum = 0;
        for (SqlNode operand : call.getOperandList()) {
          sum = Math.min(MAX_GROUPING_SETS + 1, sum + groupingSets(operand));
        }
        yield sum;
      }
      default -> 1;
    };
  }

  private Size from(@Nullable SqlNode from, Map<String, Size> named) {
    if (from instanceof SqlIdentifier table) {
      return table(Util.last(table.names), named);
    }
    if (from instanceof SqlJoin join) {
      return from(join.getLeft(), named)
          .plus(from(join.getRight(), named))
          .plus(expression(join.getCondition(), named));
    }
    if (from == null || from.isA(SqlKind.QUERY)) {
      return from == null ? Size.NOTHING : query(from, named);
    }
    Size size = Size.NOTHING;
    if (from instanceof SqlCall call) {
      for (SqlNode operand : call.getOperandList()) {
        size = size.plus(from(operand, named));
      }
    }
    return size;
  }

  private Size table(String name, Map<String, Size> named) {
    Size known = named.get(name);
    if (known != null) {
      return known;
    }
    CatalogueView view = catalogue.view(name);
    if (view == null) {
      return Size.TABLE;
    }
    Size of = views.get(name);
    if (of == null) {
      of =
          new QuerySize(catalogue, source, views)
              .query(QueryPlanner.parsed(view.query()), Map.of());
      views.put(name, of);
    }
    return of;
  }

  /** The queries within an expression, or the sides of a set operation. */
  private Size expression(@Nullable SqlNode node, Map<String, Size> named) {
    Size size = Size.NOTHING;
    if (node instanceof SqlNodeList list) {
      for (SqlNode item : list) {
        size = size.plus(nested(item, named));
      }
    } else if (node instanceof SqlCall call) {
      for (SqlNode operand : call.getOperandList()) {
        size = size.plus(nested(operand, named));
      }
      if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
        size = size.plus(from(call.operand(0), named));
      }
    }
    return size;
  }

  private Size nested(@Nullable SqlNode node, Map<String, Size> named) {
    if (node instanceof SqlSelect || node instanceof SqlWith) {
      return query(node, named);
    }
    return expression(node, named);
  }

  private FluxCoreException tooLarge(SqlNode node, String message, String remedy) {
    return FluxCoreException.user(
        "FLX-QUERY-0008",
        source.placeOf(
            node.getParserPosition().getLineNum(), node.getParserPosition().getColumnNum()),
        message,
        remedy);
  }
}
