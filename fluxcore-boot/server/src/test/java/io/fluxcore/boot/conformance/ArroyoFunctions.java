package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Aggregates of Arroyo by their names in FluxCore's SQL, and the columns that they make
 * approximate: by rules over tokens, which know nothing of a case.
 */
final class ArroyoFunctions {
  /** With the same arguments. */
  private static final Map<String, String> NAMES =
      Map.of(
          "covar", "covar_samp",
          "var", "var_samp",
          "approx_distinct", "approx_count_distinct");

  private static final String PERCENTILE = "approx_percentile_cont";
  private static final String WEIGHTED = "approx_percentile_cont_with_weight";

  private ArroyoFunctions() {}

  /** A statement with FluxCore's functions. */
  static List<String> written(List<String> tokens) {
    List<String> written = new ArrayList<>();
    int at = 0;
    while (at < tokens.size()) {
      String token = tokens.get(at);
      boolean isCall = at + 1 < tokens.size() && tokens.get(at + 1).equals("(");
      if (isCall && (token.equals(PERCENTILE) || token.equals(WEIGHTED))) {
        at = percentile(tokens, at, written);
      } else {
        written.add(isCall ? NAMES.getOrDefault(token, token) : token);
        at++;
      }
    }
    return written;
  }

  /** {@code f([w,] p) WITHIN GROUP (ORDER BY x)} is {@code approx_percentile(x, p [, w])}. */
  private static int percentile(List<String> tokens, int at, List<String> written) {
    int end = ArroyoText.end(tokens, at + 1);
    List<List<String>> arguments = ArroyoText.split(tokens.subList(at + 2, end - 1));
    if (!tokens.subList(end, end + 2).equals(List.of("within", "group"))) {
      throw new UnsupportedCaseException(tokens.get(at) + " without WITHIN GROUP");
    }
    int orderEnd = ArroyoText.end(tokens, end + 2);
    List<String> of = tokens.subList(end + 5, orderEnd - 1);
    written.addAll(List.of("approx_percentile", "("));
    written.addAll(written(of));
    written.add(",");
    written.addAll(arguments.get(arguments.size() - 1));
    if (tokens.get(at).equals(WEIGHTED)) {
      written.add(",");
      written.addAll(written(arguments.get(0)));
    }
    written.add(")");
    return orderEnd;
  }

  /** The columns of what is selected that are answers of sketches. */
  static Set<String> approximate(List<String> tokens) {
    return columns(tokens, token -> token.startsWith("approx_"));
  }

  /**
   * Those that cannot be compared: Arroyo's weighted percentile counts to a share of the number of
   * rows, not of the sum of their weights.
   */
  static Set<String> incomparable(List<String> tokens) {
    return columns(tokens, WEIGHTED::equals);
  }

  private static Set<String> columns(
      List<String> tokens, java.util.function.Predicate<String> isOne) {
    Set<String> columns = new LinkedHashSet<>();
    int select = tokens.indexOf("select");
    int from = tokens.lastIndexOf("from");
    if (select >= 0 && from > select) {
      for (List<String> item : ArroyoText.split(tokens.subList(select + 1, from))) {
        if (item.stream().anyMatch(isOne)) {
          columns.add(item.get(item.size() - 1));
        }
      }
    }
    return columns;
  }
}
