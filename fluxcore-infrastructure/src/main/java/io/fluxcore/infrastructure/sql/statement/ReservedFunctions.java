package io.fluxcore.infrastructure.sql.statement;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A query as the parser can read it. Some names of functions are reserved words to it and nothing
 * else, and only some aggregates may have {@code ORDER BY} behind their arguments. Such functions
 * get names of the same length, so that errors stay at their columns.
 *
 * @param text of the query
 * @param inOrder the aggregates that are called {@code ARRAY_AGG} instead, by where they stand
 */
public record ReservedFunctions(String text, Map<Position, String> inOrder) {
  private static final Set<String> NAMES =
      Set.of(
          "CORR", "REGR_AVGX", "REGR_AVGY", "REGR_INTERCEPT", "REGR_R2", "REGR_SLOPE", "REGR_SXY");

  private static final Map<String, String> BY_STAND_IN =
      NAMES.stream().collect(Collectors.toMap(ReservedFunctions::standIn, name -> name));

  /** Aggregates that the parser lets have no order within their parentheses. */
  private static final Set<String> EDGES = Set.of("FIRST_VALUE", "LAST_VALUE");

  private static final String IN_ORDER = "ARRAY_AGG";

  public ReservedFunctions {
    inOrder = Map.copyOf(inOrder);
  }

  /** Where a word begins, both from 1. */
  public record Position(int line, int column) {
    private static Position of(String text, int offset) {
      int line = 1;
      for (int at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
        line++;
      }
      return new Position(line, offset - text.lastIndexOf('\n', offset - 1));
    }
  }

  private static String standIn(String name) {
    return name.charAt(0) + "$" + name.substring(2);
  }

  /** A query in which these functions can be called. */
  public static ReservedFunctions of(SqlText query) {
    StringBuilder text = new StringBuilder(query.text());
    Map<Position, String> inOrder = new HashMap<>();
    List<Token> tokens = Tokens.of(query);
    for (int i = 0; i + 1 < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.kind() != Token.Kind.WORD || !tokens.get(i + 1).isSymbol("(")) {
        continue;
      }
      String name = token.upperCase();
      if (NAMES.contains(name)) {
        text.replace(token.from(), token.to(), standIn(name));
      } else if (EDGES.contains(name) && hasOrder(tokens, i + 1)) {
        text.replace(
            token.from(), token.to(), IN_ORDER + " ".repeat(name.length() - IN_ORDER.length()));
        inOrder.put(Position.of(query.text(), token.from()), name);
      }
    }
    return new ReservedFunctions(text.toString(), inOrder);
  }

  /** Whether there is an {@code ORDER BY} between these parentheses, and not within others. */
  private static boolean hasOrder(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
      if (depth == 0) {
        return false;
      }
      if (depth == 1 && token.isWord("ORDER")) {
        return true;
      }
    }
    return false;
  }

  /** The name of the function that a name stands for, in upper case: mostly the same. */
  public static String name(String standIn) {
    return BY_STAND_IN.getOrDefault(standIn, standIn);
  }
}
