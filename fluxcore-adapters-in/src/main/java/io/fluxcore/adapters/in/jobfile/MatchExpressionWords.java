package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.expression;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;

import io.fluxcore.adapters.in.jobfile.SchemaParts.Word;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.rowpattern.MatchAggregate;
import io.fluxcore.domain.rowpattern.MatchExpression;
import io.fluxcore.domain.rowpattern.MatchTerm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write conditions and measures of row patterns: an expression over its terms. */
final class MatchExpressionWords {
  private static final String DEFINITION = "matchTerm";
  private static final String EXPRESSION = "expression";
  private static final String TERMS = "terms";
  private static final String FIRST = "first";
  private static final String LAST = "last";
  private static final String OF = "of";
  private static final String OFFSET = "offset";
  private static final String ROWS = "rows";
  private static final String FINAL = "final";
  private static final String MATCH_NUMBER = "match-number";

  /** The argument of an aggregate that has none: all rows. */
  private static final String ALL_ROWS = "*";

  private MatchExpressionWords() {}

  private static String word(MatchAggregate function) {
    return switch (function) {
      case AVG -> "average";
      case MIN_BY -> "minBy";
      case MAX_BY -> "maxBy";
      case COUNT_DISTINCT -> "countDistinct";
      case SUM_DISTINCT -> "sumDistinct";
      case AVG_DISTINCT -> "averageDistinct";
      case COLLECT_DISTINCT -> "collectDistinct";
      default -> function.name().toLowerCase(Locale.ROOT);
    };
  }

  // --- Schema -----------------------------------------------------------------------------------

  /** Adds what the schema refers to. */
  static void define(ObjectNode definitions) {
    List<Word> words = new ArrayList<>();
    words.add(named(FIRST, expression("Its value in the first of the rows.")));
    words.add(named(LAST, expression("Its value in the last of the rows.")));
    List<String> functions = new ArrayList<>(List.of(FIRST, LAST));
    for (MatchAggregate function : MatchAggregate.values()) {
      functions.add(word(function));
      words.add(
          named(
              word(function),
              SchemaParts.oneOrMore(
                  "The aggregate of the values of an expression in all of the rows"
                      + switch (function) {
                        case COUNT -> ", or * for the number of the rows.";
                        case MIN_BY -> ": the first of two where the second is smallest.";
                        case MAX_BY -> ": the first of two where the second is largest.";
                        case COUNT_DISTINCT, SUM_DISTINCT, AVG_DISTINCT, COLLECT_DISTINCT ->
                            ", each value once.";
                        default -> ".";
                      })));
    }
    words.add(
        named(
            OF,
            SchemaParts.oneOrMore("Which rows count: those of these variables; all if absent.")));
    words.add(
        named(
            OFFSET,
            integer(0, Integer.MAX_VALUE, "Of first and last: so many rows further inside; 0.")));
    words.add(
        named(
            ROWS,
            integer(
                Integer.MIN_VALUE,
                Integer.MAX_VALUE,
                "Of first and last: so many rows behind that one, before it if negative; 0.")));
    words.add(
        named(
            FINAL,
            SchemaParts.flag(
                "Whether all rows of the match count, rather than those so far; false.")));
    definitions.set(
        DEFINITION,
        either(
            MATCH_NUMBER + ", or one of " + String.join(", ", functions) + " with its expression",
            "A value of the rows of a match.",
            SchemaParts.words(MATCH_NUMBER),
            object(words)));
  }

  /** An expression with its terms. */
  static ObjectNode schema() {
    ObjectNode words =
        object(
            named(EXPRESSION, expression("The value, over the names of the terms.")),
            named(
                TERMS,
                mapOf(
                    SchemaParts.ref(DEFINITION, "The term."),
                    "names and terms",
                    "What the expression names.")));
    words.set("required", array(EXPRESSION));
    return words;
  }

  // --- Reading ----------------------------------------------------------------------------------

  /** An expression alone, or with its terms. */
  static MatchExpression read(TextNode node, Values values) {
    if (node instanceof Scalar) {
      return new MatchExpression(parsed(node, values), Map.of());
    }
    Mapping words = Values.mapping(node);
    Map<String, MatchTerm> terms = new LinkedHashMap<>();
    if (words.get(TERMS) instanceof Mapping named) {
      named
          .members()
          .forEach(
              (name, member) -> {
                MatchTerm term = values.check(member.value(), () -> term(member.value(), values));
                if (term != null) {
                  terms.put(name, term);
                }
              });
    }
    return new MatchExpression(parsed(words.walk(List.of(EXPRESSION)), values), terms);
  }

  private static Expression parsed(TextNode node, Values values) {
    Expression parsed = values.parse(node, Expression::parse);
    return Objects.requireNonNullElseGet(parsed, () -> Expression.parse("null"));
  }

  private static MatchTerm term(TextNode node, Values values) {
    if (node instanceof Scalar) {
      return new MatchTerm.MatchNumber();
    }
    Mapping words = Values.mapping(node);
    Set<String> functions = new TreeSet<>(words.members().keySet());
    functions.removeAll(Set.of(OF, OFFSET, ROWS, FINAL));
    if (functions.size() != 1) {
      throw new IllegalArgumentException(
          "a term is one value, and here it has "
              + (functions.isEmpty() ? "none" : String.join(" and ", functions)));
    }
    String function = functions.iterator().next();
    TextNode argument = words.walk(List.of(function));
    TextNode of = words.get(OF);
    Set<String> variables = of == null ? Set.of() : Set.copyOf(new TreeSet<>(Values.texts(of)));
    boolean isFinal = Values.flag(words, FINAL);
    MatchAggregate aggregate = aggregate(function);
    if (aggregate == null) {
      return new MatchTerm.Navigation(
          parsed(argument, values),
          variables,
          function.equals(LAST),
          Values.integer(words, OFFSET, 0),
          Values.integer(words, ROWS, 0),
          isFinal);
    }
    for (String word : List.of(OFFSET, ROWS)) {
      if (words.get(word) != null) {
        throw new IllegalArgumentException("'" + function + "' has no '" + word + "'");
      }
    }
    return new MatchTerm.Aggregate(aggregate, arguments(argument, values), variables, isFinal);
  }

  private static @Nullable MatchAggregate aggregate(String word) {
    for (MatchAggregate function : MatchAggregate.values()) {
      if (word(function).equals(word)) {
        return function;
      }
    }
    return null;
  }

  private static List<Expression> arguments(TextNode node, Values values) {
    if (node instanceof Listing listing) {
      return listing.items().stream().map(item -> parsed(item, values)).toList();
    }
    return Values.text(node).equals(ALL_ROWS) ? List.of() : List.of(parsed(node, values));
  }

  // --- Writing ----------------------------------------------------------------------------------

  /** An expression alone where it has no terms. */
  static Object writeCondition(MatchExpression expression) {
    return expression.terms().isEmpty() ? expression.expression().text() : write(expression);
  }

  /** An expression with its terms. */
  static Map<String, Object> write(MatchExpression expression) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(EXPRESSION, expression.expression().text());
    Map<String, Object> terms = new LinkedHashMap<>();
    expression.terms().forEach((name, term) -> terms.put(name, write(term)));
    JobFileWriter.putUnless(words, TERMS, terms, Map.of());
    return words;
  }

  private static Object write(MatchTerm term) {
    if (term instanceof MatchTerm.MatchNumber) {
      return MATCH_NUMBER;
    }
    Map<String, Object> words = new LinkedHashMap<>();
    List<String> arguments = term.arguments().stream().map(Expression::text).toList();
    Object written =
        switch (arguments.size()) {
          case 0 -> ALL_ROWS;
          case 1 -> arguments.get(0);
          default -> arguments;
        };
    if (term instanceof MatchTerm.Navigation navigation) {
      words.put(navigation.last() ? LAST : FIRST, written);
      JobFileWriter.putUnless(words, OFFSET, navigation.offset(), 0);
      JobFileWriter.putUnless(words, ROWS, navigation.rows(), 0);
    } else {
      words.put(word(((MatchTerm.Aggregate) term).function()), written);
    }
    JobFileWriter.putUnless(words, OF, List.copyOf(new TreeSet<>(term.variables())), List.of());
    JobFileWriter.putUnless(words, FINAL, term.isFinal(), false);
    return words;
  }
}
