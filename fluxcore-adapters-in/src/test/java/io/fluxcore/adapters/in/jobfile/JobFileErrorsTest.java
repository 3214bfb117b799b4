package io.fluxcore.adapters.in.jobfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of mistake in a job file: which code, where, and what is said. */
class JobFileErrorsTest {
  private static final String HEAD =
      """
      job: {name: j}
      topology:
        - name: in
          source: {connector: plain}
      """;
  private static final String TAIL =
      """
        - name: out
          sink: {connector: console}
      """;

  private static List<Diagnostic> errors(String name, String text, Map<String, String> parameters) {
    FluxCoreException e =
        catchThrowableOfType(
            FluxCoreException.class, () -> Connectors.reader().parse(name, text, parameters));
    assertThat(e).as("an error in\n%s", text).isNotNull();
    return e.diagnostics();
  }

  private static List<Diagnostic> errors(String text) {
    return errors("job.yaml", text, Map.of());
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        node(
            "unknown word of a node",
            "filtre: a > 1",
            "FLX-JOBFILE-0020",
            6,
            5,
            "'filtre'",
            "filter"),
        node(
            "two kinds",
            "filter: a > 1\n    keyBy: a",
            "FLX-JOBFILE-0023",
            7,
            5,
            "filter and keyBy",
            ""),
        node("no kind", "from: in", "FLX-JOBFILE-0023", 5, 5, "does not say", "aggregate"),
        node(
            "filter is a list",
            "filter: [a]",
            "FLX-JOBFILE-0022",
            6,
            13,
            "a list is not an expression",
            ""),
        node(
            "filter is empty",
            "filter:",
            "FLX-JOBFILE-0022",
            6,
            12,
            "nothing is not an expression",
            ""),
        node("map is a text", "map: a", "FLX-JOBFILE-0022", 6, 10, "'a' is not fields", ""),
        node(
            "map of a list",
            "map: {a: [1]}",
            "FLX-JOBFILE-0022",
            6,
            14,
            "a list is not an expression",
            ""),
        node("project is a text", "project: a", "FLX-JOBFILE-0022", 6, 14, "'a' is not fields", ""),
        node(
            "rename to a list",
            "rename: {a: [b]}",
            "FLX-JOBFILE-0022",
            6,
            17,
            "a list is not a text",
            ""),
        node(
            "key of a mapping",
            "keyBy: [{a: b}]",
            "FLX-JOBFILE-0022",
            6,
            13,
            "a mapping is not a text",
            ""),
        node(
            "union of something",
            "union: [in]",
            "FLX-JOBFILE-0022",
            6,
            12,
            "a list is not nothing",
            ""),
        node(
            "window without kind",
            "window: {}",
            "FLX-JOBFILE-0022",
            6,
            13,
            "a mapping is not one kind",
            ""),
        node(
            "window of two kinds",
            "window: {tumbling: {duration: 1h}, sliding: {duration: 1h, slide: 1m}}",
            "FLX-JOBFILE-0022",
            6,
            13,
            "one kind",
            ""),
        node(
            "misspelt kind of window",
            "window: {tumbling: {duration: 1h}, slidin: {}}",
            "FLX-JOBFILE-0020",
            6,
            40,
            "'slidin'",
            "sliding"),
        node(
            "window without duration",
            "window: {tumbling: {}}",
            "FLX-JOBFILE-0021",
            6,
            24,
            "'duration' is missing",
            "Length"),
        node(
            "session without gap",
            "window: {session: {}}",
            "FLX-JOBFILE-0021",
            6,
            23,
            "'gap' is missing",
            "time without a row"),
        node(
            "session with an offset",
            "window: {session: {gap: 1m, offset: 1s}}",
            "FLX-JOBFILE-0020",
            6,
            33,
            "'offset'",
            ""),
        node(
            "duration in words",
            "window: {tumbling: {duration: an hour}}",
            "FLX-JOBFILE-0022",
            6,
            35,
            "'an hour' is not a duration",
            ""),
        node(
            "duration without unit",
            "window: {tumbling: {duration: 60}}",
            "FLX-JOBFILE-0022",
            6,
            35,
            "'60' is not a duration",
            ""),
        node(
            "misspelt accumulation",
            "window: {tumbling: {duration: 1h, accumulation: acumulating}}",
            "FLX-JOBFILE-0022",
            6,
            53,
            "'acumulating' is not one of",
            "accumulating"),
        node(
            "flag in words",
            "window: {tumbling: {duration: 1h, lateOutput: maybe}}",
            "FLX-JOBFILE-0022",
            6,
            51,
            "'maybe' is not true or false",
            ""),
        node(
            "aggregate of nothing",
            "aggregate: {groupBy: a}",
            "FLX-JOBFILE-0021",
            6,
            16,
            "'fields' is missing",
            ""),
        node(
            "misspelt aggregate",
            "aggregate: {fields: {a: {summ: b}}}",
            "FLX-JOBFILE-0020",
            6,
            30,
            "'summ'",
            "sum"),
        node(
            "aggregate word alone",
            "aggregate: {fields: {a: sum}}",
            "FLX-JOBFILE-0022",
            6,
            29,
            "'sum' is not count, or one of",
            ""),
        node(
            "two aggregates in one field",
            "aggregate: {fields: {a: {sum: b, max: b}}}",
            "FLX-JOBFILE-0030",
            6,
            29,
            "a result is one aggregate, and 'a' has sum and max",
            ""),
        node(
            "no aggregate in a field",
            "aggregate: {fields: {a: {where: b}}}",
            "FLX-JOBFILE-0030",
            6,
            29,
            "a result is one aggregate, and 'a' has none",
            ""),
        node(
            "aggregate without its limit",
            "aggregate: {fields: {a: {top: b}}}",
            "FLX-JOBFILE-0030",
            6,
            29,
            "'top' needs 'limit'",
            ""),
        node(
            "aggregate with the limit of another",
            "aggregate: {fields: {a: {sum: b, limit: 3}}}",
            "FLX-JOBFILE-0030",
            6,
            29,
            "'sum' has no 'limit'",
            ""),
        node(
            "error policy in words",
            "filter: a\n    errorPolicy: ignore",
            "FLX-JOBFILE-0022",
            7,
            18,
            "'ignore' is not fail, skip or dead-letter, or retry with its settings",
            ""),
        node(
            "error policy of a window",
            "errorPolicy: skip\n    window: {tumbling: {duration: 1h}}",
            "FLX-JOBFILE-0030",
            6,
            18,
            "no error policy",
            ""),
        source(
            "connector missing",
            "{url: u}",
            "FLX-JOBFILE-0021",
            4,
            13,
            "'connector' is missing",
            ""),
        source(
            "connector unknown",
            "{connector: acmee, url: u}",
            "FLX-JOBFILE-0022",
            4,
            25,
            "'acmee' is not the name of a source connector",
            "acme"),
        source(
            "option missing",
            "{connector: acme}",
            "FLX-JOBFILE-0021",
            4,
            13,
            "'url' is missing",
            "Where."),
        source(
            "option unknown",
            "{connector: acme, ulr: u, url: u}",
            "FLX-JOBFILE-0020",
            4,
            31,
            "'ulr'",
            "url"),
        source(
            "option of another connector",
            "{connector: plain, url: u}",
            "FLX-JOBFILE-0020",
            4,
            32,
            "'url'",
            ""),
        source(
            "whole number",
            "{connector: acme, url: u, rate: fast}",
            "FLX-JOBFILE-0022",
            4,
            45,
            "'fast' is not a whole number",
            ""),
        source(
            "number",
            "{connector: acme, url: u, share: half}",
            "FLX-JOBFILE-0022",
            4,
            46,
            "'half' is not a number",
            ""),
        source(
            "boolean",
            "{connector: acme, url: u, tls: yes}",
            "FLX-JOBFILE-0022",
            4,
            44,
            "'yes' is not true or false",
            ""),
        source(
            "size",
            "{connector: acme, url: u, buffer: big}",
            "FLX-JOBFILE-0022",
            4,
            47,
            "'big' is not a size",
            ""),
        source(
            "option's duration",
            "{connector: acme, url: u, poll: often}",
            "FLX-JOBFILE-0022",
            4,
            45,
            "'often' is not a duration",
            ""),
        source(
            "one of some",
            "{connector: acme, url: u, format: jsn}",
            "FLX-JOBFILE-0022",
            4,
            47,
            "'jsn' is not one of json, csv",
            "json"),
        source(
            "text is a list",
            "{connector: acme, url: [u]}",
            "FLX-JOBFILE-0022",
            4,
            36,
            "a list is not a text",
            ""),
        source(
            "type unknown",
            "{connector: plain, schema: {a: strng}}",
            "FLX-JOBFILE-0030",
            4,
            44,
            "'strng' is not a type",
            ""),
        source(
            "decimal of 99 digits",
            "{connector: plain, schema: {a: 'decimal(99,2)'}}",
            "FLX-JOBFILE-0030",
            4,
            44,
            "precision is 1..38",
            ""),
        source(
            "idle at once",
            "{connector: plain, idleTimeout: 0s}",
            "FLX-JOBFILE-0030",
            4,
            45,
            "not positive",
            ""),
        source(
            "no readers",
            "{connector: plain, parallelism: 0}",
            "FLX-JOBFILE-0022",
            4,
            45,
            "'0' is not a whole number from 1",
            ""),
        job("no name", "{}", "FLX-JOBFILE-0021", 1, 6, "'name' is missing", ""),
        job(
            "misspelt",
            "{name: j, paralelism: 2}",
            "FLX-JOBFILE-0020",
            1,
            16,
            "'paralelism'",
            "parallelism"),
        job(
            "too parallel",
            "{name: j, parallelism: 99999}",
            "FLX-JOBFILE-0022",
            1,
            29,
            "from 1 to 32768",
            ""),
        job(
            "parallelism in words",
            "{name: j, parallelism: two}",
            "FLX-JOBFILE-0022",
            1,
            29,
            "'two' is not a whole number",
            ""),
        job(
            "more subtasks than key groups",
            "{name: j, parallelism: 200}",
            "FLX-JOBFILE-0030",
            1,
            6,
            "must be 1..128",
            ""),
        job(
            "strategy unknown",
            "{name: j, restartStrategy: always}",
            "FLX-JOBFILE-0022",
            1,
            33,
            "'always' is not none, or one of",
            ""),
        job(
            "strategy misspelt",
            "{name: j, restartStrategy: {fixDelay: {}}}",
            "FLX-JOBFILE-0020",
            1,
            34,
            "'fixDelay'",
            "fixedDelay"),
        job(
            "strategy without delay",
            "{name: j, restartStrategy: {fixedDelay: {attempts: 3}}}",
            "FLX-JOBFILE-0021",
            1,
            46,
            "'delay' is missing",
            ""),
        job(
            "shrinking factor",
            "{name: j, restartStrategy: {exponentialBackoff: {initial: 1s, maximum: 1m, factor: 0.5}}}",
            "FLX-JOBFILE-0030",
            1,
            33,
            "factor 0.5",
            ""),
        job(
            "interval twice",
            "{name: j, checkpointInterval: 1s, checkpoints: {interval: 1s}}",
            "FLX-JOBFILE-0030",
            1,
            16,
            "twice",
            ""),
        job(
            "interval of nothing",
            "{name: j, checkpointInterval: 0s}",
            "FLX-JOBFILE-0030",
            1,
            36,
            "must be positive",
            ""),
        text(
            "topology missing",
            "job: {name: j}",
            "FLX-JOBFILE-0021",
            1,
            1,
            "'topology' is missing",
            ""),
        text(
            "topology empty",
            "job: {name: j}\ntopology: []",
            "FLX-JOBFILE-0022",
            2,
            11,
            "an empty list is not a list of nodes",
            ""),
        text(
            "topology a mapping",
            "job: {name: j}\ntopology: {a: b}",
            "FLX-JOBFILE-0022",
            2,
            11,
            "a mapping is not a list of nodes",
            ""),
        text("a text for a file", "hello", "FLX-JOBFILE-0022", 1, 1, "'hello' is not", ""),
        text("empty", "", "FLX-JOBFILE-0007", 0, 0, "is empty", ""),
        text("only a comment", "# nothing\n", "FLX-JOBFILE-0007", 0, 0, "is empty", ""),
        text(
            "duplicate key",
            "job: {name: j}\njob: {name: k}",
            "FLX-JOBFILE-0006",
            2,
            1,
            "'job' is there twice; the first is at line 1, column 1",
            ""),
        text(
            "not YAML",
            "job: {name: j\ntopology: [",
            "FLX-JOBFILE-0004",
            2,
            9,
            "not valid YAML",
            ""),
        text(
            "tab for indentation",
            "job:\n\tname: j",
            "FLX-JOBFILE-0004",
            2,
            1,
            "not valid YAML",
            ""),
        text("alias", "job: &a {name: j}\ntopology: *a", "FLX-JOBFILE-0005", 1, 6, "anchors", ""),
        text("tag", "job: !!map {name: j}", "FLX-JOBFILE-0005", 1, 6, "tags", ""),
        text(
            "Java tag",
            "job: !!javax.script.ScriptEngineManager [x]",
            "FLX-JOBFILE-0005",
            1,
            6,
            "tags",
            ""),
        text(
            "two documents",
            "job: {name: j}\n---\njob: {name: k}",
            "FLX-JOBFILE-0005",
            2,
            1,
            "second document",
            ""),
        text("a list for a key", "[a, b]: c", "FLX-JOBFILE-0005", 1, 1, "a key is a text", ""),
        text("deep nesting", "[".repeat(100_000), "FLX-JOBFILE-0005", 1, 65, "64 levels", ""));
  }

  private static Arguments text(
      String name, String text, String code, int line, int column, String message, String remedy) {
    return Arguments.of(name, text, code, line, column, message, remedy);
  }

  private static Arguments node(
      String name, String body, String code, int line, int column, String message, String remedy) {
    return text(
        name, HEAD + "  - name: x\n    " + body + "\n" + TAIL, code, line, column, message, remedy);
  }

  private static Arguments source(
      String name, String body, String code, int line, int column, String message, String remedy) {
    return text(
        name,
        "job: {name: j}\ntopology:\n  - name: in\n    source: " + body + "\n" + TAIL,
        code,
        line,
        column,
        message,
        remedy);
  }

  private static Arguments job(
      String name, String body, String code, int line, int column, String message, String remedy) {
    return text(
        name,
        "job: " + body + HEAD.substring(HEAD.indexOf('\n')) + TAIL,
        code,
        line,
        column,
        message,
        remedy);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void mistake_isToldWithPlace(
      String name, String text, String code, int line, int column, String message, String remedy) {
    List<Diagnostic> errors = errors(text);
    assertThat(errors).as("one finding in\n%s", text).hasSize(1);
    Diagnostic error = errors.get(0);
    assertThat(error.code()).as(error.toString()).isEqualTo(code);
    assertThat(error.message()).contains(message);
    assertThat(error.remedy()).contains(remedy);
    assertThat(error.place().line() + ":" + error.place().column())
        .as(error.toString())
        .isEqualTo(line + ":" + column);
  }

  @Test
  void severalMistakes_areToldAtOnce_inTheOrderOfTheText() {
    List<Diagnostic> errors =
        errors(
            """
            job: {nam: j, parallelism: 0}
            topology:
              - name: in
                source: {connector: acme, rte: 1}
              - nme: x
                filter: a > 1
              - name: out
                sink: {connector: file}
            """);
    assertThat(errors)
        .extracting(e -> e.place().line() + " " + e.code().substring(12))
        .containsExactly("1 0021", "1 0020", "1 0022", "4 0021", "4 0020", "5 0020", "8 0021");
  }

  @Test
  void json_hasLinesAndColumnsToo() {
    String text = "{\n  \"job\": {\"name\": \"j\", \"paralelism\": 2},\n  \"topology\": []\n}";
    assertThat(errors("job.json", text, Map.of()))
        .extracting(e -> e.place().line() + ":" + e.place().column() + " " + e.code())
        .containsExactly("2:24 FLX-JOBFILE-0020", "3:15 FLX-JOBFILE-0022");
  }

  @Test
  void json_brokenTwiceOrDuplicate_isAnError() {
    assertThat(errors("j.json", "{\"job\": }", Map.of()).get(0).toString())
        .contains("FLX-JOBFILE-0004", "line 1", "not valid JSON");
    assertThat(errors("j.json", "{\"job\": 1} {}", Map.of()).get(0).code())
        .isEqualTo("FLX-JOBFILE-0005");
    assertThat(errors("j.json", "{\"job\": 1,\n \"job\": 2}", Map.of()).get(0).toString())
        .contains("FLX-JOBFILE-0006", "line 2, column 2");
    assertThat(errors("j.json", "[".repeat(100_000), Map.of()).get(0).code())
        .isEqualTo("FLX-JOBFILE-0005");
    assertThat(errors("j.json", "  ", Map.of()).get(0).code()).isEqualTo("FLX-JOBFILE-0007");
  }

  @Test
  void parameters_missingMalformedAndUnknown_areToldAtOnce() {
    String text = HEAD + "  - name: f\n    filter: \"a > ${least} and b < ${mo st}\"\n" + TAIL;
    List<Diagnostic> errors = errors("job.yaml", text, Map.of("leats", "1"));
    assertThat(errors)
        .extracting(e -> e.code() + " " + e.place().line() + ":" + e.place().column())
        .containsExactly("FLX-JOBFILE-0010 6:18", "FLX-JOBFILE-0011 6:35", "FLX-JOBFILE-0012 0:0");
    assertThat(errors.get(0).remedy()).contains("--set least=");
    assertThat(errors.get(2).remedy()).contains("did you mean 'least'");
  }

  @Test
  void files_thatCannotBeRead_sayWhy(@TempDir Path folder) throws IOException {
    assertThat(reading(folder.resolve("none.yaml")))
        .contains("FLX-JOBFILE-0001", "there is no such file");
    assertThat(reading(folder)).contains("FLX-JOBFILE-0001", "directory");
    Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
    assertThat(reading(large)).contains("FLX-JOBFILE-0002", "1 MiB");
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "job: {name: j}\n# caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(reading(latin)).contains("FLX-JOBFILE-0003", "line 2, column 6", "0xe9");
  }

  private static String reading(Path file) {
    return catchThrowableOfType(
            FluxCoreException.class, () -> Connectors.reader().read(file, Map.of()))
        .getMessage();
  }
}
