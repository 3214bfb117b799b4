package io.fluxcore.adapters.in.jobfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.rowpattern.MatchAggregate;
import io.fluxcore.domain.rowpattern.MatchExpression;
import io.fluxcore.domain.rowpattern.MatchTerm;
import io.fluxcore.domain.rowpattern.RowMatching;
import io.fluxcore.domain.rowpattern.RowPattern;
import io.fluxcore.domain.rowpattern.RowSkip;
import io.fluxcore.domain.rowpattern.RowsPerMatch;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.RowMatchConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowMatchWordsTest {
  private static final JobConfig PLAIN = JobConfig.builder().name("plain").build();
  private static final Expression PRICE = Expression.column("price");

  private static StreamTopology topology(RowMatchConfig config) {
    return StreamTopology.builder()
        .source("rows", SourceConfig.connector("plain").build())
        .transform("matches", config)
        .build();
  }

  private static JobFile read(String yaml) {
    return Connectors.reader().parse("written.yaml", yaml, Map.of());
  }

  private static MatchExpression of(String text, Map<String, MatchTerm> terms) {
    return new MatchExpression(Expression.parse(text), terms);
  }

  /** Every kind of term. */
  private static Map<String, MatchTerm> terms() {
    Map<String, MatchTerm> terms = new LinkedHashMap<>();
    terms.put("row.price", new MatchTerm.Navigation(PRICE, Set.of(), true, 0, 0, false));
    terms.put("term.1", new MatchTerm.Navigation(PRICE, Set.of("B", "A"), false, 2, -3, true));
    terms.put(
        "a \"b\"",
        new MatchTerm.Navigation(
            Expression.column(MatchTerm.CLASSIFIER), Set.of("A"), true, 0, 7, false));
    for (MatchAggregate function : MatchAggregate.values()) {
      boolean hasTwo = function == MatchAggregate.MIN_BY || function == MatchAggregate.MAX_BY;
      terms.put(
          function.name(),
          new MatchTerm.Aggregate(
              function,
              hasTwo ? List.of(PRICE, Expression.parse("tax + 1")) : List.of(PRICE),
              Set.of("B"),
              hasTwo));
    }
    terms.put(
        "true", new MatchTerm.Aggregate(MatchAggregate.COUNT, List.of(), Set.of("007"), false));
    terms.put("number", new MatchTerm.MatchNumber());
    return terms;
  }

  private static RowMatching matching() {
    Map<String, MatchExpression> definitions = new LinkedHashMap<>();
    definitions.put("B", of("\"row.price\" > 1\n  and 'a: #' <> \"a \"\"b\"\"\"", terms()));
    definitions.put("A", of("true", Map.of()));
    definitions.put(
        "permute", of("\"${x}\" = '${y}'", Map.of("${x}", new MatchTerm.MatchNumber())));
    return new RowMatching(
        List.of("user", "007"),
        RowPattern.parse("^ A{,3}? (B+ | \"permute\" {- A -})* ()$+"),
        definitions,
        RowsPerMatch.ALL_WITH_UNMATCHED,
        List.of(
            new RowMatching.Passed("who", "user"),
            new RowMatching.Measure("n", of("number + 1", terms())),
            new RowMatching.Passed("null", "$classifier"),
            new RowMatching.Measure("one", of("1", Map.of()))),
        new RowSkip(RowSkip.Strategy.TO_LAST, Set.of("B", "A")),
        90_061_001,
        5_000_000_000L,
        new PatternLimits(5, 7_000_000_000L, 7, PatternLimits.Policy.FAIL),
        TimeCharacteristic.INGESTION);
  }

  private static RowMatching plain() {
    return new RowMatching(
        List.of(),
        RowPattern.parse("A"),
        Map.of(),
        RowsPerMatch.ONE,
        List.of(),
        RowSkip.pastLastRow(),
        0,
        RowMatching.UNBOUNDED,
        PatternLimits.DEFAULT,
        TimeCharacteristic.EVENT);
  }

  private static RowMatching with(RowsPerMatch rows, RowSkip skip, TimeCharacteristic time) {
    RowMatching of = matching();
    return new RowMatching(
        of.key(),
        of.pattern(),
        of.definitions(),
        rows,
        of.outputs(),
        skip,
        of.withinMillis(),
        0,
        of.limits(),
        time);
  }

  static Stream<RowMatchConfig> configs() {
    List<RowMatchConfig> configs = new ArrayList<>();
    configs.add(new RowMatchConfig(plain(), List.of(), null));
    configs.add(
        new RowMatchConfig(
            matching(),
            List.of(SortField.parse("a desc nulls first"), SortField.ascending("b asc")),
            ErrorPolicy.SKIP));
    for (RowsPerMatch rows : RowsPerMatch.values()) {
      configs.add(
          new RowMatchConfig(
              with(rows, RowSkip.toNextRow(), TimeCharacteristic.PROCESSING), List.of(), null));
    }
    for (RowSkip.Strategy strategy : RowSkip.Strategy.values()) {
      boolean isPlain =
          strategy == RowSkip.Strategy.PAST_LAST_ROW || strategy == RowSkip.Strategy.TO_NEXT_ROW;
      RowSkip skip = new RowSkip(strategy, isPlain ? Set.of() : Set.of("A"));
      configs.add(
          new RowMatchConfig(
              with(RowsPerMatch.ALL, skip, TimeCharacteristic.EVENT), List.of(), null));
    }
    return configs.stream();
  }

  @ParameterizedTest
  @MethodSource("configs")
  void rowPattern_isReadBackEqual(RowMatchConfig config) {
    StreamTopology topology = topology(config);
    assertThat(topology.isPortable()).isTrue();
    String yaml = new JobFileWriter().yaml(topology, PLAIN);
    StreamTopology read = read(yaml).topology();
    assertThat(read).as(yaml).isEqualTo(topology);
    assertThat(read.toString())
        .as("declares itself in the same words")
        .isEqualTo(topology.toString());
  }

  private static final String FILE =
      """
      job: {name: plain}
      topology:
        - name: rows
          source:
            connector: plain
            schema: {user: string, price: long, at: timestamp_tz}
            timestampField: at
        - name: matches
          rowPattern:
            key: user
            pattern: A B+
            define:
              A: 'true'
              B:
                expression: price < before
                terms:
                  price: {last: price}
                  before: {last: price, rows: -1}
            fields:
              who: user
              bottom: {expression: low, terms: {low: {min: price, of: B}}}
              falls: {expression: n, terms: {n: {count: "*", of: B}}}
            skip: {strategy: to-last, variables: B}
            within: 1h
        - name: out
          sink: {connector: console}
      """;

  @Test
  void rowPatternInYaml_isTheOneOfJava() {
    Map<String, MatchTerm> falling = new LinkedHashMap<>();
    falling.put("price", new MatchTerm.Navigation(PRICE, Set.of(), true, 0, 0, false));
    falling.put("before", new MatchTerm.Navigation(PRICE, Set.of(), true, 0, -1, false));
    RowMatching expected =
        new RowMatching(
            List.of("user"),
            RowPattern.parse("A B+"),
            Map.of("A", of("true", Map.of()), "B", of("price < before", falling)),
            RowsPerMatch.ONE,
            List.of(
                new RowMatching.Passed("who", "user"),
                new RowMatching.Measure(
                    "bottom", of("low", Map.of("low", aggregate(MatchAggregate.MIN, PRICE)))),
                new RowMatching.Measure(
                    "falls", of("n", Map.of("n", aggregate(MatchAggregate.COUNT))))),
            new RowSkip(RowSkip.Strategy.TO_LAST, Set.of("B")),
            3_600_000,
            RowMatching.UNBOUNDED,
            PatternLimits.DEFAULT,
            TimeCharacteristic.EVENT);
    JobFile file = read(FILE);
    assertThat(file.topology().nodes().get(1).config())
        .isEqualTo(new RowMatchConfig(expected, List.of(), null));
    assertThat(findings(file)).isEmpty();
  }

  private static MatchTerm aggregate(MatchAggregate function, Expression... arguments) {
    return new MatchTerm.Aggregate(function, List.of(arguments), Set.of("B"), false);
  }

  private static List<Diagnostic> findings(JobFile file) {
    return file.topology().validate(ExpressionContext.of(JdkRegexCompiler.INSTANCE)).stream()
        .map(file::locate)
        .toList();
  }

  private static String changed(String from, String to) {
    assertThat(FILE).contains(from);
    return FILE.replace(from, to);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "A B+;A (B+;FLX-PATTERN-0033;11:21;expected ')'",
        "price < before;price < < before;FLX-EXPR-0001;15:31;found '<'",
        "{last: price};{last: price +};FLX-EXPR-0001;17:34;found the end",
        "{last: price};{last: price, first: price};FLX-JOBFILE-0030;17:20;first and last",
        "{last: price};{of: B};FLX-JOBFILE-0030;17:20;it has none",
        "{last: price};{lats: price};FLX-JOBFILE-0020;17:21;'lats'",
        "{last: price};matchNumber;FLX-JOBFILE-0022;17:20;match-number",
        "{min: price, of: B};{min: price, rows: 1};FLX-JOBFILE-0030;21:48;'min' has no 'rows'",
        "within: 1h;within: 10us;FLX-JOBFILE-0030;24:15;whole number of milliseconds",
        "within: 1h;within: 0;FLX-JOBFILE-0030;24:15;one or more",
        "strategy: to-last, variables: B;strategy: to-last;FLX-JOBFILE-0021;23:13;'variables' is"
            + " missing",
        "to-last;past-last-row;FLX-JOBFILE-0022;23:24;to-first, to-last",
        "pattern: A B+;thenBy: at;FLX-JOBFILE-0021;10:7;'pattern' is missing",
      })
  void mistakeOfTheText_hasItsPlace(
      String from, String to, String code, String place, String message) {
    String yaml = changed(from, to);
    FluxCoreException e = catchThrowableOfType(FluxCoreException.class, () -> read(yaml));
    assertThat(e).as(yaml).isNotNull();
    assertThat(e.diagnostics()).hasSize(1);
    assertFound(e.diagnostics(), code, place, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "price < before;prize < before;FLX-EXPR-0003;15:23;prize",
        "price < before;price + before;FLX-EXPR-0008;15:29;boolean",
        "A: 'true';A: 1 + 1;FLX-EXPR-0008;13:14;boolean",
        "{last: price};{last: prize};FLX-TOPO-0017;15:11;'prize'",
        "{min: price, of: B};{sum: user, of: B};FLX-PATTERN-0012;21:48;SUM",
        "{min: price, of: B};{min: price, of: C};FLX-PATTERN-0034;21:48;no variable 'C'",
        "{expression: low,;{expression: lower(low),;FLX-EXPR-0006;21:36;lower",
        "A: 'true';D: 'true';FLX-PATTERN-0034;13:12;no variable 'D'",
        "variables: B;variables: C;FLX-PATTERN-0034;23:13;no variable 'C'",
        "A B+;A{50001} B;FLX-PATTERN-0030;11:16;50000 steps",
        "#pattern: A B+#;#rowsPerMatch: all-with-unmatched\n"
            + "      pattern: A {- B+ -}#;FLX-PATTERN-0035;12:16;excluded",
      })
  void mistakeOfTheMeaning_hasItsPlace(
      String from, String to, String code, String place, String message) {
    String yaml = changed(from, to);
    assertFound(findings(read(yaml)), code, place, message);
  }

  private static void assertFound(
      List<Diagnostic> findings, String code, String place, String message) {
    assertThat(findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.code()).startsWith(code);
              assertThat(finding.place().line() + ":" + finding.place().column()).isEqualTo(place);
              assertThat(finding.message() + finding.remedy()).contains(message);
            });
  }
}
