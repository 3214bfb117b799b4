package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.application.sql.SqlJobSettings;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlHint;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * The hints {@code STATE_TTL('a' = '1d', 'b' = '2d')} of a query block: how long a join keeps the
 * rows of each of its sides, and an aggregate the groups of its input, in place of what the session
 * says. Each names a table of the block's FROM, by its alias if it has one. They are written into
 * the query as calls of a function that gives its rows as they are.
 */
final class StateHints extends SqlShuttle {
  static final String NAME = "STATE_TTL";

  private final SqlText source;

  StateHints(SqlText source) {
    this.source = source;
  }

  /**
   * How long the state of rows is kept, which a hint says; null: none does.
   *
   * @param life zero in a hint means for ever
   */
  record Life(@Nullable TimeToLive life) {}

  /** What a hint says of the rows that a node reads; null: nothing. */
  static @Nullable Life of(RelNode input) {
    RelNode rel = input;
    while (rel instanceof Project || rel instanceof Filter) {
      rel = rel.getInput(0);
    }
    if (!isOne(rel)) {
      return null;
    }
    List<RexNode> operands = ((RexCall) ((TableFunctionScan) rel).getCall()).getOperands();
    RexLiteral millis = (RexLiteral) operands.get(operands.size() - 1); // the table is an input
    long life = Objects.requireNonNull(millis.getValueAs(BigDecimal.class)).longValue();
    return new Life(life == 0 ? null : TimeToLive.ofProcessingTime(Duration.ofMillis(life)));
  }

  /** Whether a node is what a hint has become. */
  static boolean isOne(RelNode rel) {
    return rel instanceof TableFunctionScan scan
        && scan.getCall() instanceof RexCall call
        && call.getOperator().equals(StreamOperators.STATE_LIFE);
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    SqlNode visited = super.visit(call);
    if (visited instanceof SqlSelect select && select.getFrom() != null) {
      Map<String, Long> lives = lives(select);
      if (!lives.isEmpty() && keepsState(select)) {
        select.setFrom(hinted(select.getFrom(), lives));
      }
    }
    return visited;
  }

  private static boolean keepsState(SqlSelect select) {
    return select.getFrom() instanceof SqlJoin
        || select.getGroup() != null
        || select.isDistinct()
        || select.getHaving() != null;
  }

  private Map<String, Long> lives(SqlSelect select) {
    Map<String, Long> lives = new LinkedHashMap<>();
    for (SqlNode node : select.getHints()) {
      if (!(node instanceof SqlHint hint) || !hint.getName().equalsIgnoreCase(NAME)) {
        continue;
      }
      if (hint.getOptionFormat() != SqlHint.HintOptionFormat.KV_LIST) {
        throw wrong(
            "FLX-QUERY-0076",
            hint.getOperandList().get(0),
            "the hint STATE_TTL says of no table how long its state is kept",
            "write STATE_TTL('table or alias' = '1d')");
      }
      List<String> names = new ArrayList<>();
      collect(Objects.requireNonNull(select.getFrom()), names);
      SqlNodeList options = (SqlNodeList) hint.getOperandList().get(1);
      for (int i = 0; i + 1 < options.size(); i += 2) {
        String name = text(options.get(i));
        if (!names.contains(name)) {
          throw wrong(
              "FLX-QUERY-0076",
              options.get(i),
              "the hint STATE_TTL names '" + name + "', which is not in FROM",
              NearestName.remedy(name, names, "there are"));
        }
        lives.put(name, millis(options.get(i + 1)));
      }
    }
    return lives;
  }

  private static String text(SqlNode node) {
    return node instanceof SqlLiteral literal
        ? Objects.requireNonNull(literal.toValue())
        : node.toString();
  }

  private long millis(SqlNode value) {
    try {
      Duration life = SqlJobSettings.duration(text(value));
      if (!life.isNegative()) {
        return life.toMillis();
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw wrong(
        "FLX-QUERY-0077",
        value,
        "'" + text(value) + "' is not how long state is kept",
        "write a duration such as '12h' or '1 d'; '0s' keeps it for ever");
  }

  private FluxCoreException wrong(String code, SqlNode at, String what, String remedy) {
    SqlParserPos position = at.getParserPosition();
    return FluxCoreException.user(
        code, source.placeOf(position.getLineNum(), position.getColumnNum()), what, remedy);
  }

  private static @Nullable String name(SqlNode from) {
    return switch (from.getKind()) {
      case AS -> ((SqlCall) from).operand(1).toString();
      case IDENTIFIER -> last((SqlIdentifier) from);
      case TABLE_REF -> last(((SqlCall) from).operand(0));
      default -> null;
    };
  }

  private static String last(SqlIdentifier name) {
    return name.names.get(name.names.size() - 1);
  }

  private static void collect(SqlNode from, List<String> names) {
    if (from instanceof SqlJoin join) {
      collect(join.getLeft(), names);
      collect(join.getRight(), names);
    } else if (name(from) != null) {
      names.add(Objects.requireNonNull(name(from)));
    }
  }

  private static SqlNode hinted(SqlNode from, Map<String, Long> lives) {
    if (from instanceof SqlJoin join) {
      join.setLeft(hinted(join.getLeft(), lives));
      join.setRight(hinted(join.getRight(), lives));
      return join;
    }
    String name = name(from);
    Long life = name == null ? null : lives.get(name);
    if (name == null || life == null) {
      return from;
    }
    boolean isNamed = from.getKind() == SqlKind.AS;
    SqlNode rows = isNamed ? ((SqlCall) from).operand(0) : from;
    SqlParserPos position = from.getParserPosition();
    SqlNode called =
        SqlStdOperatorTable.COLLECTION_TABLE.createCall(
            position,
            StreamOperators.STATE_LIFE.createCall(
                position,
                all(rows, position),
                SqlLiteral.createExactNumeric(String.valueOf(life), position)));
    List<SqlNode> operands = new ArrayList<>();
    operands.add(called);
    operands.add(isNamed ? ((SqlCall) from).operand(1) : new SqlIdentifier(name, position));
    if (isNamed) {
      operands.addAll(
          ((SqlCall) from).getOperandList().subList(2, ((SqlCall) from).operandCount()));
    }
    return new SqlBasicCall(SqlStdOperatorTable.AS, operands, position);
  }

  private static SqlNode all(SqlNode rows, SqlParserPos position) {
    SqlNodeList star = SqlNodeList.of(SqlIdentifier.star(position));
    return new SqlSelect(
        position, null, star, rows, null, null, null, null, null, null, null, null, null);
  }
}
