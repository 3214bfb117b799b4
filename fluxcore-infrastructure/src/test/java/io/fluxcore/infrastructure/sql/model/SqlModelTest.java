package io.fluxcore.infrastructure.sql.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.ScriptedTopology;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.harness.EvictingStateBackend;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random queries on random tables, whose rows must come to what a naive evaluation gives: in
 * batches of random sizes, with the rows of tables in a random order of each other, at several
 * parallelisms, with restarts between. {@code -Dfluxcore.sql.model=<seed>} runs one query, {@code
 * -Dfluxcore.sql.model.count=<n>} so many of each block.
 */
class SqlModelTest {
  private static final int BLOCK = 1_000_000;
  private static final int CASES = 260;
  private static final double MOST_REFUSED = 0.1;
  private static final LinearRegexCompiler REGEX = new LinearRegexCompiler();
  private static final SqlFrontEnd FRONT_END = new CalciteFrontEnd(ExpressionContext.of(REGEX));
  private static final Planner PLANNER =
      new Planner(
          ConnectorRegistry.of(List.of(), List.of()),
          new ConnectorServices(REGEX),
          ExpressionContext.of(REGEX));

  static LongStream blocks() {
    Long seed = Long.getLong("fluxcore.sql.model");
    return seed == null ? LongStream.rangeClosed(1, 8).map(b -> b * BLOCK) : LongStream.of(seed);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void randomQuery_comesToWhatItsTablesComeTo(long from) {
    int count =
        Long.getLong("fluxcore.sql.model") == null
            ? Integer.getInteger("fluxcore.sql.model.count", CASES)
            : 1;
    Map<String, Integer> refused = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String reason = check(from + i);
      if (reason != null) {
        refused.merge(reason, 1, Integer::sum);
      }
    }
    int sum = refused.values().stream().mapToInt(n -> n).sum();
    assertThat(sum)
        .as("seeds from %d: refused of %d queries: %s", from, count, refused)
        .isLessThanOrEqualTo((int) Math.max(1, MOST_REFUSED * count));
    System.out.println(
        "SQL model, seeds from " + from + ": refused " + sum + " of " + count + " " + refused);
  }

  /** Why it is refused; null if it has been run. */
  static @Nullable String check(long seed) {
    Random random = new Random(seed);
    Inputs inputs = new Inputs(random);
    Queries queries = new Queries(random, inputs);
    Rows rows = queries.any(random.nextInt(5));
    String query = rows.query();
    if (rows.isOfWindow() && queries.windowCount == 1 && random.nextInt(3) == 0) {
      query += random.nextBoolean() ? " EMIT ON UPDATE" : " EMIT EVERY INTERVAL '3' SECOND";
    }
    String text = text(inputs, queries, query);
    SqlOutcome outcome;
    try {
      SqlSession session = FRONT_END.newSession();
      inputs.tables().forEach(table -> execute(session, table.statement()));
      queries.views.forEach(view -> execute(session, view));
      outcome = session.execute(SqlStatement.of(query));
    } catch (FluxCoreException e) {
      if (e.code().equals("FLX-QUERY-0007")) {
        return e.diagnostics().get(0).message().replaceAll("'[^']*'|\\d+", "…");
      }
      throw new AssertionError("seed " + seed + "\n" + text + "\n" + e, e);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + "\n" + text + "\n" + e, e);
    }
    for (int run = 0; run < 2; run++) {
      compare(seed, run, random, inputs, queries, rows, outcome, text);
    }
    return null;
  }

  private static void execute(SqlSession session, String statement) {
    SqlOutcome unused = session.execute(SqlStatement.of(statement));
  }

  private static String text(Inputs inputs, Queries queries, String query) {
    StringBuilder text = new StringBuilder();
    inputs.tables().stream()
        .filter(table -> queries.read.containsKey(table.content().from()))
        .forEach(
            table -> {
              text.append(table.statement()).append(";\n");
              table
                  .changes()
                  .forEach(
                      row ->
                          text.append("  ")
                              .append(row.kind())
                              .append(' ')
                              .append(row.values())
                              .append('\n'));
            });
    queries.views.forEach(view -> text.append(view).append(";\n"));
    return text.append(query).append(';').toString();
  }

  private static void compare(
      long seed,
      int run,
      Random random,
      Inputs inputs,
      Queries queries,
      Rows rows,
      SqlOutcome outcome,
      String text) {
    int batchSize = run == 0 ? 1 : 1 + random.nextInt(12);
    int restarts = random.nextInt(3);
    List<Integer> parallelisms =
        IntStream.rangeClosed(0, restarts).mapToObj(i -> 1 + random.nextInt(3)).toList();
    boolean evicts = random.nextInt(4) == 0;
    Variant variant =
        new Variant(
            "random",
            evicts
                ? (groups, max) -> new EvictingStateBackend(groups, max, 1)
                : HeapStateBackend::new,
            parallelisms,
            false,
            random.nextInt(3) == 0);
    String what =
        "seed "
            + seed
            + ", run "
            + run
            + ", batches of "
            + batchSize
            + ", parallelism "
            + parallelisms
            + (evicts ? ", evicting" : "")
            + (variant.isSlow() ? ", slow" : "")
            + "\n"
            + text;
    Transcript transcript = new Transcript();
    List<Step> script = new ArrayList<>();
    ScriptedTopology topology;
    try {
      topology = ScriptedTopology.of(outcome, table -> table.startsWith("r"), () -> transcript);
      topology.inline().forEach((node, source) -> script.addAll(inline(node, source)));
      script.addAll(inputs.script(random, batchSize, restarts, queries.read));
      JobConfig.Builder config = JobConfig.builder().name("model");
      ScriptedHost.run(
          parallelism -> PLANNER.plan(topology.topology(), config.parallelism(parallelism).build()),
          variant,
          transcript,
          script);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + "\n" + e, e);
    }
    assertThat(transcript.failures()).as("%s\nrows that failed", what).isEmpty();
    String difference = difference(rows, transcript);
    if (!difference.isEmpty()) {
      throw new AssertionError(what + "\n" + difference + "\n" + topology.topology());
    }
  }

  private static final Pattern VALUE =
      Pattern.compile("\"(f\\d+)\": (?:\"([^\"]*)\"|null|(true|false)|(-?[\\d.]+))");

  /** The rows that a query itself has. */
  private static List<Step> inline(String node, SourceConfig source) {
    String rows = String.valueOf(source.connector().options().get("rows"));
    List<Step> steps = new ArrayList<>();
    for (String row : rows.split("\\}", -1)) {
      Matcher matcher = VALUE.matcher(row);
      Map<String, Object> values = new HashMap<>();
      while (matcher.find()) {
        Object value =
            matcher.group(2) != null
                ? matcher.group(2)
                : matcher.group(3) != null
                    ? Boolean.valueOf(matcher.group(3))
                    : matcher.group(4) != null ? new BigDecimal(matcher.group(4)) : null;
        Field field = source.schema().field(source.schema().ordinal(matcher.group(1)));
        values.put(field.name(), PlainValues.parse(field, value));
      }
      if (!values.isEmpty()) {
        steps.add(new Step.Row(node, 0, values));
      }
    }
    steps.add(new Step.Watermark(node, Long.MAX_VALUE));
    return steps;
  }

  /** What is not as expected, empty if nothing is. */
  private static String difference(Rows expected, Transcript transcript) {
    Map<List<@Nullable Object>, Integer> there = new HashMap<>();
    for (ResultRow row : transcript.results()) {
      boolean isAddition = row.kind() == RowKind.INSERT || row.kind() == RowKind.UPDATE_AFTER;
      List<@Nullable Object> key = Logic.key(row.values().values().toArray());
      int now = there.merge(key, isAddition ? 1 : -1, Integer::sum);
      if (now < 0) {
        return "taken back, and not there: " + key + " of " + transcript.results();
      }
    }
    Map<String, Integer> different = new LinkedHashMap<>();
    expected.rows().forEach(row -> there.merge(Logic.key(row), -1, Integer::sum));
    there.forEach(
        (row, count) -> {
          if (count != 0) {
            different.merge(row.toString(), -count, Integer::sum);
          }
        });
    return different.isEmpty() ? "" : "missing (+) and unexpected (-): " + different;
  }
}
