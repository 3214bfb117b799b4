package io.fluxcore.boot.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.scripted.Variant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The runner itself: it passes, fails and refuses what it should. */
class ConformanceTest {
  private static final CaseRunner RUNNER = new CaseRunner(Variant.all());

  @TempDir Path temporary;

  private static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ConformanceTest.class.getResource("/conformance/" + name))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<ConformanceCase> passing() throws IOException {
    return CaseFolder.read(folder("passing"));
  }

  static List<ConformanceCase> passingWithResults() throws IOException {
    return passing().stream().filter(tested -> !tested.rows("expected").isEmpty()).toList();
  }

  static List<ConformanceCase> failing() throws IOException {
    return CaseFolder.read(folder("failing"));
  }

  static List<ConformanceCase> unsupported() throws IOException {
    return CaseFolder.read(folder("unsupported"));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void rightExpectation_passes(ConformanceCase tested) {
    assertThat(RUNNER.run(tested)).isEqualTo(Outcome.PASSED);
  }

  @ParameterizedTest
  @MethodSource("failing")
  void wrongExpectation_failsAndSaysWhere(ConformanceCase tested) {
    Outcome outcome = RUNNER.run(tested);

    assertThat(outcome.status()).isEqualTo(Outcome.Status.FAILED);
    assertThat(outcome.reason()).contains(tested.json().path("notes").asString());
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void unknownDefinition_isUnsupportedAndSaysWhy(ConformanceCase tested) {
    Outcome outcome = RUNNER.run(tested);

    assertThat(outcome.status()).isEqualTo(Outcome.Status.UNSUPPORTED);
    assertThat(outcome.reason()).contains(tested.json().path("notes").asString());
  }

  @ParameterizedTest
  @MethodSource("passingWithResults")
  void anExpectedRowLess_fails(ConformanceCase tested) {
    for (String field : List.of("expected", "expected_late")) {
      for (int i = 0; i < rows(tested.json(), field).size(); i++) {
        ObjectNode changed = (ObjectNode) tested.json().deepCopy();
        rows(changed, field).remove(i);
        assertFails(changed, tested.group(), field + " without row " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("passingWithResults")
  void anExpectedRowMore_fails(ConformanceCase tested) {
    for (String field : List.of("expected", "expected_late")) {
      ArrayNode rows = rows(tested.json(), field);
      for (int i = 0; i < rows.size(); i++) {
        if (!rows.get(i).has("watermark")) {
          ObjectNode changed = (ObjectNode) tested.json().deepCopy();
          rows(changed, field).insert(i, rows.get(i));
          assertFails(changed, tested.group(), field + " with row " + i + " twice");
        }
      }
    }
  }

  /** The rows that are expected: of the first query, where there are several. */
  private static ArrayNode rows(JsonNode json, String field) {
    JsonNode expected = json.path(field);
    boolean isOfQueries = expected.path(0).has("rows");
    JsonNode rows = isOfQueries ? expected.path(0).path("rows") : expected;
    return rows instanceof ArrayNode array ? array : JsonMapper.shared().createArrayNode();
  }

  private static void assertFails(ObjectNode json, String group, String change) {
    Outcome outcome = RUNNER.run(new ConformanceCase(group, json));
    assertThat(outcome.status()).as(change).isEqualTo(Outcome.Status.FAILED);
  }

  @Test
  void variants_coverBothBackendsAndSeveralSubtasks() {
    assertThat(Variant.all())
        .extracting(Variant::name)
        .anyMatch(name -> name.startsWith("heap"))
        .anyMatch(name -> name.startsWith("evicting"))
        .anyMatch(name -> name.contains("2 subtasks"));
  }

  @Test
  void folder_printsALinePerGroupAndOneForAll() throws IOException {
    Run run = run(folder("").toString());

    int passed = passing().size();
    int failed = failing().size();
    int unsupported = unsupported().size();
    int all = passed + failed + unsupported;
    assertThat(run.out().lines())
        .containsExactly(
            "failing 0 " + failed + " 0 " + failed,
            "passing " + passed + " 0 0 " + passed,
            "unsupported 0 0 " + unsupported + " " + unsupported,
            "all " + passed + " " + failed + " " + unsupported + " " + all);
    assertThat(run.err().lines()).hasSize(failed).allMatch(line -> line.startsWith("FAILED own."));
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void unsupportedCasesAlone_exitWith0() {
    assertThat(run(folder("unsupported").toString()).exit()).isZero();
  }

  @Test
  void kind_selects() {
    assertThat(run(folder("unsupported").toString(), "--kind", "cep,sql").out())
        .isEqualToNormalizingNewlines("others 0 0 2 2\nall 0 0 2 2\n");
    assertThat(run(folder("unsupported").toString(), "--kind=join").out()).contains("all 0 0 1 1");
  }

  @Test
  void json_givesEachCaseWithItsReason() {
    Run run = run(folder("unsupported").toString(), "--json", "--kind", "session");

    assertThat(run.out())
        .contains("\"id\" : \"own.session-delta-trigger\"")
        .contains("\"outcome\" : \"unsupported\"")
        .contains("\"reason\" : \"triggers of type 'delta' are not in the engine yet\"")
        .contains("\"total\" : 1");
  }

  @Test
  void knownFailures_areNoNews() throws IOException {
    StringBuilder page = new StringBuilder("# Page\n\n| case | why |\n|---|---|\n");
    failing().forEach(tested -> page.append("| `" + tested.id() + "` | so |\n"));
    Path known = Files.writeString(temporary.resolve("page.md"), page);
    Run run = run(folder("failing").toString(), "--known", known.toString());
    assertThat(run.exit()).isZero();
    assertThat(run.err()).contains("FAILED own.").doesNotContain("NEWS");
  }

  @Test
  void knownFailureThatPasses_isNews() throws IOException {
    Path known = Files.writeString(temporary.resolve("page.md"), "| `own.sql-counts` | so |\n");
    Run run = run(folder("passing").toString(), "--known", known.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("NEWS own.sql-counts is listed as a failure, and passed");
  }

  @Test
  void absentFolder_isSaidNotToBeRun() {
    Run run = run(temporary.resolve("absent").toString());

    assertThat(run.out()).startsWith("conformance: not run (no cases at ");
    assertThat(run.exit()).isZero();
  }

  @Test
  void unusableInput_exitsWith2() throws IOException {
    assertThat(run().exit()).isEqualTo(2);
    assertThat(run(temporary.toString()).err()).contains("there is no case below");
    assertThat(run(temporary.toString(), "--kind", "windows").err()).contains("no kind [windows]");
    assertThat(run(temporary.toString(), "--jsonn").err()).contains("'--jsonn' is not understood");

    Files.writeString(temporary.resolve("a.json"), "{\"format\": \"other/1\"}");
    assertThat(run(temporary.toString()).err()).contains("has format 'other/1'");
    Files.writeString(temporary.resolve("a.json"), "{");
    assertThat(run(temporary.toString()).err()).contains("is not JSON");
    assertThat(run(temporary.toString()).exit()).isEqualTo(2);
  }

  private record Run(int exit, String out, String err) {}

  private static Run run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Conformance.run(
            arguments,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Run(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
