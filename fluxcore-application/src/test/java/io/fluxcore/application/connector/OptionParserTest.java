package io.fluxcore.application.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.time.DurationText;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionParserTest {
  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          "acme",
          "A connector.",
          List.of(
              OptionSpec.required("topic", OptionSpec.Type.STRING, "The topic."),
              OptionSpec.oneOf("format", List.of("json", "csv"), "json", "The format."),
              OptionSpec.optional("flag", OptionSpec.Type.BOOLEAN, "false", "A flag."),
              OptionSpec.optional("count", OptionSpec.Type.LONG, null, "A count."),
              OptionSpec.optional("ratio", OptionSpec.Type.DOUBLE, null, "A ratio."),
              OptionSpec.optional("wait", OptionSpec.Type.DURATION, "500ms", "A wait."),
              OptionSpec.optional("size", OptionSpec.Type.SIZE, "64kb", "A size."),
              OptionSpec.optional("file", OptionSpec.Type.PATH, null, "A file."),
              OptionSpec.optional("names", OptionSpec.Type.LIST, null, "Names."),
              OptionSpec.optional("schema", OptionSpec.Type.MAP, null, "Fields.")),
          Set.of(),
          DeliveryGuarantee.AT_LEAST_ONCE);

  private static ConnectorOptions parse(Object... keysAndValues) {
    Map<String, Object> given = new HashMap<>();
    given.put("topic", "t");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      given.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
    }
    return OptionParser.parse(DESCRIPTOR, given).orThrow();
  }

  @Test
  void defaults_areFilledIn() {
    ConnectorOptions options = parse();
    assertThat(options.string("format")).isEqualTo("json");
    assertThat(options.bool("flag")).isFalse();
    assertThat(options.duration("wait")).isEqualTo(Duration.ofMillis(500));
    assertThat(options.size("size")).isEqualTo(65_536);
    assertThat(options.has("count")).isFalse();
    assertThat(options.list("names")).isEmpty();
    assertThat(options.map("schema")).isEmpty();
  }

  @Test
  void textsAndTypedValues_sayTheSame() {
    ConnectorOptions texts =
        parse(
            "flag",
            "TRUE",
            "count",
            "1_000",
            "ratio",
            "0.5",
            "wait",
            "PT1M",
            "size",
            "1mb",
            "file",
            "a/b",
            "names",
            "x, y",
            "schema",
            "a: long, b: decimal(10,2)",
            "format",
            "CSV");
    ConnectorOptions typed =
        parse(
            "flag",
            true,
            "count",
            1000,
            "ratio",
            0.5f,
            "wait",
            Duration.ofMinutes(1),
            "size",
            1 << 20,
            "file",
            Path.of("a/b"),
            "names",
            List.of("x", "y"),
            "schema",
            Map.of("a", "long", "b", "decimal(10,2)"),
            "format",
            "csv");
    for (ConnectorOptions options : List.of(texts, typed)) {
      assertThat(options.bool("flag")).isTrue();
      assertThat(options.integer("count")).isEqualTo(1000);
      assertThat(options.number("ratio")).isEqualTo(0.5);
      assertThat(options.optionalDuration("wait")).isEqualTo(Duration.ofMinutes(1));
      assertThat(options.size("size")).isEqualTo(1_048_576);
      assertThat(options.path("file")).isEqualTo(Path.of("a", "b"));
      assertThat(options.list("names")).containsExactly("x", "y");
      assertThat(options.map("schema")).isEqualTo(Map.of("a", "long", "b", "decimal(10,2)"));
      assertThat(options.string("format")).isEqualTo("csv");
    }
    assertThat(parse("count", BigInteger.TWO).integer("count")).isEqualTo(2);
    assertThat(parse("topic", 17).string("topic")).isEqualTo("17");
  }

  @Test
  void allProblems_areFoundAtOnce_withPlaceAndRemedy() {
    Map<String, Object> given = new HashMap<>();
    given.put("topik", "t");
    given.put("format", "jsn");
    given.put("flag", "maybe");
    given.put("count", 1.5);
    given.put("wait", 5);
    given.put("size", -1);
    given.put("ratio", List.of());
    given.put("file", " ");
    given.put("schema", "a long");
    List<Diagnostic> problems = OptionParser.parse(DESCRIPTOR, given).problems();
    assertThat(problems.stream().map(p -> p.place().path() + " " + p.code()))
        .containsExactlyInAnyOrder(
            "topik FLX-CONN-0002",
            "topic FLX-CONN-0003",
            "format FLX-CONN-0005",
            "flag FLX-CONN-0004",
            "count FLX-CONN-0004",
            "wait FLX-CONN-0004",
            "size FLX-CONN-0004",
            "ratio FLX-CONN-0004",
            "file FLX-CONN-0004",
            "schema FLX-CONN-0004");
    assertThat(problems).allMatch(p -> !p.remedy().isEmpty());
    String all = problems.toString();
    assertThat(all)
        .contains("did you mean 'topic'?")
        .contains("did you mean 'json'?")
        .contains("'maybe' is not true or false")
        .contains("'1.5' is not an integer")
        .contains("'5' is not a duration; write 500ms");
    assertThatThrownBy(() -> OptionParser.parse(DESCRIPTOR, given).orThrow())
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(10));
  }

  @Test
  void nullValue_countsAsNotGiven() {
    Map<String, Object> given = new HashMap<>();
    given.put("topic", null);
    assertThat(OptionParser.parse(DESCRIPTOR, given).problems())
        .singleElement()
        .satisfies(p -> assertThat(p.code()).isEqualTo("FLX-CONN-0003"));
  }

  @Test
  void optionThatTheDescriptorLacks_isADefectOfTheConnector() {
    ConnectorOptions options = parse();
    assertThatThrownBy(() -> options.string("nope")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.string("count")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.integer("count")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void valueOfTheHost_standsBetweenThatOfTheTopologyAndTheDefault() {
    ConnectorDescriptor descriptor =
        new ConnectorDescriptor(
            "broker",
            "A broker.",
            List.of(
                OptionSpec.requiredUnlessOfHost("servers", OptionSpec.Type.STRING, "Addresses.")
                    .asAddress(),
                OptionSpec.optional("size", OptionSpec.Type.LONG, "1", "A size.")),
            Set.of(),
            DeliveryGuarantee.AT_LEAST_ONCE);
    Map<String, Object> ofHost = Map.of("servers", "host:1", "size", 2, "unknown", 3);
    ConnectorOptions ofBoth = OptionParser.parse(descriptor, Map.of("size", 5), ofHost).orThrow();
    assertThat(ofBoth.string("servers")).isEqualTo("host:1");
    assertThat(ofBoth.integer("size")).isEqualTo(5);
    assertThat(OptionParser.parse(descriptor, Map.of(), ofHost).orThrow().integer("size"))
        .isEqualTo(2);
    ConnectorOptions elsewhere =
        OptionParser.parse(descriptor, Map.of("servers", "other:1"), ofHost).orThrow();
    assertThat(elsewhere.integer("size")).as("nothing of the host goes elsewhere").isEqualTo(1);
    assertThat(OptionParser.parse(descriptor, Map.of()).problems())
        .singleElement()
        .satisfies(p -> assertThat(p.remedy()).contains("fluxcore.connectors.broker.servers"));
  }

  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "10s,PT10S",
    "5m,PT5M",
    "5min,PT5M",
    "1h,PT1H",
    "2d,PT48H",
    "0,PT0S",
    "PT1M30S,PT1M30S",
    "7us,PT0.000007S",
    " 3 S ,PT3S"
  })
  void durations_areRead(String text, Duration expected) {
    assertThat(DurationText.parse(text)).isEqualTo(expected);
    assertThat(DurationText.parse(DurationText.format(expected))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-5s", "PT-5S", "5 parsecs", "99999999999999999999s", "s"})
  void malformedDurations_sayHowToWriteOne(String text) {
    assertThatThrownBy(() -> DurationText.parse(text)).hasMessageContaining("write 500ms, 10s");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "17,17", "1kb,1024", "16MB,16777216", "2 gib,2147483648", "5b,5"})
  void sizes_areRead(String text, long expected) {
    assertThat(SizeText.parse(text)).isEqualTo(expected);
    assertThat(SizeText.parse(SizeText.format(expected))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1tb", "99999999999gb", "kb", "1.5mb"})
  void malformedSizes_sayHowToWriteOne(String text) {
    assertThatThrownBy(() -> SizeText.parse(text)).hasMessageContaining("write 64kb, 16mb");
  }
}
