package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.pattern.RowFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with a {@link RowMatching} over a schema. Used by one thread. */
final class RowMatchCheck {
  private static final String PATTERN = "pattern";

  private final RowMatching matching;
  private final RowFormat format;
  private final ExpressionContext context;
  private final List<String> variables;
  private final Map<String, List<Diagnostic>> findings = new LinkedHashMap<>();

  private RowMatchCheck(RowMatching matching, Schema input, ExpressionContext context) {
    this.matching = matching;
    this.format = new RowFormat(input.closed());
    this.context = context;
    this.variables = List.copyOf(matching.pattern().variables());
  }

  /** Findings by the setting that they are about, as job files write it. */
  static Map<String, List<Diagnostic>> of(
      RowMatching matching, Schema input, ExpressionContext context) {
    RowMatchCheck check = new RowMatchCheck(matching, input, context);
    check.pattern();
    check.skip();
    matching.definitions().forEach((variable, condition) -> check.definition(variable, condition));
    for (RowMatching.OutputField output : matching.outputs()) {
      if (output instanceof RowMatching.Measure measure) {
        check.expression("fields." + measure.name(), measure.expression(), false);
      }
    }
    return check.findings;
  }

  private void add(String setting, Diagnostic finding) {
    findings.computeIfAbsent(setting, s -> new ArrayList<>()).add(finding);
  }

  /** What was thrown about a text, which knows no more than the place in that. */
  private void add(String setting, FluxCoreException thrown) {
    for (Diagnostic d : thrown.diagnostics()) {
      Place inText = Place.at(d.place().line(), d.place().column());
      add(setting, new Diagnostic(d.severity(), d.code(), inText, d.message(), d.remedy()));
    }
  }

  private void pattern() {
    try {
      RowPatternProgram unused = RowPatternCompiler.compile(matching.pattern());
    } catch (FluxCoreException e) {
      add(PATTERN, e);
    }
    if (variables.size() > BoundDefinitions.MAX_CONDITIONS) {
      add(
          PATTERN,
          Diagnostic.error(
              "FLX-PATTERN-0031",
              Place.WHOLE,
              "it has "
                  + variables.size()
                  + " variables, and "
                  + BoundDefinitions.MAX_CONDITIONS
                  + " are the most",
              "use the same variable where rows are the same"));
    }
    if (matching.rowsPerMatch() == RowsPerMatch.ALL_WITH_UNMATCHED
        && matching.pattern().hasExclusion()) {
      add(
          PATTERN,
          Diagnostic.error(
              "FLX-PATTERN-0035",
              Place.WHOLE,
              "rows are excluded from matches, and rows without a match are asked for",
              "leave out {- … -}, or rows without a match"));
    }
  }

  private void skip() {
    RowSkip skip = matching.skip();
    knows("skip", skip.variables());
    boolean isToVariable =
        skip.strategy() == RowSkip.Strategy.TO_FIRST || skip.strategy() == RowSkip.Strategy.TO_LAST;
    if (isToVariable && skip.variables().isEmpty()) {
      add(
          "skip",
          Diagnostic.error(
              "FLX-PATTERN-0034",
              Place.WHOLE,
              "it skips to a row of no variable",
              "name one of " + variables));
    }
  }

  private void definition(String variable, MatchExpression condition) {
    String setting = "define." + variable;
    knows(setting, Set.of(variable));
    expression(setting, condition, true);
  }

  /** Tells which of these variables the pattern does not have. */
  private void knows(String setting, Set<String> names) {
    for (String name : names) {
      if (!variables.contains(name)) {
        add(
            setting,
            Diagnostic.error(
                "FLX-PATTERN-0034",
                Place.WHOLE,
                "the pattern has no variable '" + name + "'",
                NearestName.remedy(name, variables, "its variables are")));
      }
    }
  }

  private void expression(String setting, MatchExpression expression, boolean isCondition) {
    boolean areTermsRight = true;
    for (Map.Entry<String, MatchTerm> entry : expression.terms().entrySet()) {
      String term = setting + ".terms." + entry.getKey();
      knows(term, entry.getValue().variables());
      try {
        BoundTerm unused = BoundTerm.of(entry.getValue(), format, context, states(isCondition));
      } catch (FluxCoreException e) {
        add(term, e);
        areTermsRight = false;
      }
    }
    if (!areTermsRight) {
      return;
    }
    try {
      BoundMatchExpression bound =
          BoundMatchExpression.of(expression, format, variables, context, states(isCondition));
      Object unused = isCondition ? bound.predicate() : bound.compiled();
    } catch (FluxCoreException e) {
      add(setting + ".expression", e);
    }
  }

  private TermStates states(boolean isCondition) {
    return isCondition ? TermStates.ofConditions(variables) : TermStates.ofMeasures(variables);
  }
}
