package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.join.LookupTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Every connector has a page in {@code docs/connectors}, whose option tables are made from its
 * descriptor and whose examples are valid. {@code mvn test -Dfluxcore.docs=update} rewrites the
 * tables.
 */
final class ConnectorPagesTest {
  private static final ConnectorRegistry REGISTRY =
      ConnectorRegistry.load(ConnectorPagesTest.class.getClassLoader());
  private static final boolean UPDATE = "update".equals(System.getProperty("fluxcore.docs"));
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  /** What a job file says of any source or sink, beside the connector's options. */
  private static final Set<String> COMMON =
      Set.of("connector", "timestampField", "maxOutOfOrderness", "idleTimeout", "parallelism");

  /** Fields that examples of sinks speak of. */
  private static final Schema EXAMPLE_ROWS =
      Schema.of(
          new Field("page", DataType.STRING),
          new Field("windowStart", DataType.TIMESTAMP_TZ),
          new Field("hits", DataType.LONG));

  private static final LookupTable EXAMPLE_TABLE =
      new LookupTable(
          Schema.of(new Field("id", DataType.LONG)),
          Schema.of(new Field("name", DataType.STRING)),
          Duration.ofSeconds(1));

  private static Path pages() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("docs/connectors"))) {
      directory = directory.getParent();
      assertThat(directory).as("a directory above with docs/connectors").isNotNull();
    }
    return directory.resolve("docs/connectors");
  }

  @TestFactory
  Stream<DynamicTest> optionTables_areThoseOfTheDescriptors() {
    Map<String, Map<String, ConnectorDescriptor>> byPage = new TreeMap<>();
    REGISTRY
        .sources()
        .forEach(
            d -> byPage.computeIfAbsent(d.name(), n -> new LinkedHashMap<>()).put("source", d));
    REGISTRY
        .sinks()
        .forEach(d -> byPage.computeIfAbsent(d.name(), n -> new LinkedHashMap<>()).put("sink", d));
    REGISTRY
        .lookups()
        .forEach(
            d -> byPage.computeIfAbsent(d.name(), n -> new LinkedHashMap<>()).put("lookup", d));
    assertThat(byPage).containsKeys("console", "file", "generator", "memory");
    return byPage.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue())));
  }

  private static void check(String name, Map<String, ConnectorDescriptor> descriptors)
      throws IOException {
    Path page = pages().resolve(name + ".md");
    assertThat(page).exists();
    String text = Files.readString(page);
    String expected = text;
    for (Map.Entry<String, ConnectorDescriptor> entry : descriptors.entrySet()) {
      String start = "<!-- " + entry.getKey() + " options -->\n";
      int from = expected.indexOf(start);
      assertThat(from).as("'" + start.strip() + "' in " + page).isNotNegative();
      int to = expected.indexOf("<!-- end -->", from);
      assertThat(to).as("an end of the table in " + page).isPositive();
      expected =
          expected.substring(0, from + start.length())
              + table(entry.getKey(), entry.getValue())
              + expected.substring(to);
    }
    if (UPDATE) {
      Files.writeString(page, expected);
    } else {
      assertThat(text).as("rewrite it with mvn test -Dfluxcore.docs=update").isEqualTo(expected);
    }
  }

  private static String table(String kind, ConnectorDescriptor descriptor) {
    StringBuilder table =
        new StringBuilder("| option | type | default | meaning |\n|---|---|---|---|\n");
    for (OptionSpec option : descriptor.options()) {
      String type =
          option.allowed().isEmpty()
              ? option.type().name().toLowerCase(Locale.ROOT)
              : "`" + String.join("`, `", option.allowed()) + "`";
      String defaultValue = option.defaultValue();
      String shown =
          switch (option.presence()) {
            case REQUIRED -> "required";
            case REQUIRED_UNLESS_OF_HOST -> "required, unless the host has it";
            case OPTIONAL ->
                defaultValue == null
                    ? ""
                    : defaultValue.isEmpty() ? "nothing" : "`" + defaultValue + "`";
          };
      table.append("| `").append(option.name()).append("` | ").append(type).append(" | ");
      table.append(shown).append(" | ").append(option.doc().replace("|", "\\|")).append(" |\n");
    }
    if (kind.equals("lookup")) {
      return table.toString();
    }
    return table
        + "\nGuarantee: "
        + descriptor.guarantee().name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ".\n";
  }

  @TestFactory
  Stream<DynamicTest> examples_areValid() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> pages = Files.list(pages())) {
      for (Path page : pages.sorted().toList()) {
        Matcher examples = EXAMPLE.matcher(Files.readString(page));
        for (int i = 1; examples.find(); i++) {
          String example = examples.group(1);
          tests.add(
              DynamicTest.dynamicTest(page.getFileName() + " " + i, () -> checkExample(example)));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(5);
    return tests.stream();
  }

  private static void checkExample(String yaml) {
    Map<?, ?> example = YAMLMapper.builder().build().readValue(yaml, Map.class);
    example.forEach(
        (kind, value) -> {
          Map<String, Object> settings = new LinkedHashMap<>();
          ((Map<?, ?>) value).forEach((k, v) -> settings.put(k.toString(), v));
          String name = String.valueOf(settings.get("connector"));
          settings.keySet().removeAll(COMMON);
          if (kind.equals("lookup")) {
            settings.keySet().removeAll(Set.of("schema", "cache", "inFlight", "timeout"));
            var connector = REGISTRY.lookup(name);
            connector.create(
                OptionParser.parse(connector.descriptor(), settings).orThrow(), EXAMPLE_TABLE);
            return;
          }
          if (kind.equals("source")) {
            var connector = REGISTRY.source(name);
            if (connector.descriptor().options().stream()
                .noneMatch(option -> option.name().equals("schema"))) {
              // The node's word, as of every source without fields of its own.
              settings.remove("schema");
            }
            connector.create(
                OptionParser.parse(connector.descriptor(), settings).orThrow(),
                new ConnectorServices(JdkRegexCompiler.INSTANCE));
          } else {
            var connector = REGISTRY.sink(name);
            connector.create(
                OptionParser.parse(connector.descriptor(), settings).orThrow(), EXAMPLE_ROWS);
          }
        });
  }
}
