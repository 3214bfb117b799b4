package io.fluxcore.infrastructure.sql.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import io.fluxcore.infrastructure.sql.CalciteFrontEnd;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that nobody would write: each gives an outcome, or an error of the user's with a code
 * and a place in the text. {@code -Dfluxcore.sql.fuzz=<seed>} runs one seed.
 */
class SqlFuzzTest {
  private static final int CASES = 2_500;
  private static final int CASES_OF_A_SESSION = 100;
  private static final SqlFrontEnd FRONT_END =
      new CalciteFrontEnd(ExpressionContext.of(new LinearRegexCompiler()));

  private static SqlSession session() {
    SqlSession session = FRONT_END.newSession();
    Statements.TABLES.forEach(table -> execute(session, SqlStatement.of(table)));
    return session;
  }

  private static void execute(SqlSession session, SqlStatement statement) {
    SqlOutcome unused = session.execute(statement);
  }

  static List<Long> seeds() {
    Long seed = Long.getLong("fluxcore.sql.fuzz");
    return seed == null ? List.of(1L, 2L, 3L, 4L, 5L) : List.of(seed);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void statement_isRunOrRejectedWithItsPlace(long seed) {
    Random random = new Random(seed);
    Mutations mutations = new Mutations(random, Statements.all());
    SqlSession session = session();
    int accepted = 0;
    for (int i = 0; i < CASES; i++) {
      if (i % CASES_OF_A_SESSION == 0) {
        session = session();
      }
      String text =
          switch (random.nextInt(12)) {
            case 0 -> mutations.noise();
            case 1 -> mutations.soup();
            default ->
                mutations.mutated(Statements.all().get(random.nextInt(Statements.all().size())));
          };
      accepted += check(session, text, "seed " + seed + ", case " + i) ? 1 : 0;
    }
    assertThat(accepted).as("statements that are right all the same").isGreaterThan(CASES / 100);
  }

  /** Whether it is right. */
  private static boolean check(SqlSession session, String text, String name) {
    try {
      for (SqlStatement statement : FRONT_END.statements(text)) {
        execute(session, statement);
      }
      return true;
    } catch (FluxCoreException e) {
      String what = name + ": " + shown(text) + "\n" + e.getMessage();
      assertThat(e.category()).as(what).isEqualTo(ErrorCategory.USER);
      assertThat(e.code()).as(what).matches("FLX-[A-Z]+-\\d{4}");
      e.diagnostics().forEach(diagnostic -> requireWithin(diagnostic.place(), text, what));
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(name + ": " + shown(text) + "\n" + e, e);
    }
  }

  private static void requireWithin(Place place, String text, String what) {
    String[] lines = text.split("\n", -1);
    assertThat(place.line()).as(what).isBetween(1, lines.length);
    assertThat(place.column()).as(what).isBetween(1, lines[place.line() - 1].length() + 1);
  }

  private static String shown(String text) {
    return text.length() < 3_000 ? text : text.substring(0, 3_000) + "… of " + text.length();
  }

  @ParameterizedTest
  @MethodSource("io.fluxcore.infrastructure.sql.fuzz.Statements#nested")
  void nesting_isRunOrRejected(IntFunction<String> nested) {
    SqlSession session = session();
    for (int depth : new int[] {1, 10, 50, 100, 300, 1_000, 10_000}) {
      boolean isRun = check(session, nested.apply(depth), "depth " + depth);
      assertThat(isRun || depth > 10).as("depth %d of %s", depth, shown(nested.apply(2))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "`", "\"", "/*", "/* '", "--", "' --", "(", "CASE", "["})
  void whatIsNotClosed_isRejected(String open) {
    SqlSession session = session();
    for (String statement : Statements.all()) {
      for (int at = 0; at <= statement.length(); at += 23) {
        boolean unused =
            check(
                session,
                statement.substring(0, at) + " " + open + " " + statement.substring(at),
                open + " at " + at);
      }
    }
  }

  @Test
  void statementsThemselves_areRight() {
    SqlSession session = session();
    for (String statement : Statements.all()) {
      assertThat(check(session, statement, "as it is")).as(statement).isTrue();
    }
  }
}
