package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.error.Diagnostic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What every descriptor must be, for connectors that the other contracts do not fit. */
public final class DescriptorContract {
  private DescriptorContract() {}

  /** Names, texts and defaults. */
  public static void check(ConnectorDescriptor descriptor) {
    assertThat(descriptor.name()).matches("[a-z][a-z0-9-]*");
    assertThat(descriptor.summary()).endsWith(".");
    assertThat(descriptor.options().stream().map(OptionSpec::name).toList())
        .doesNotHaveDuplicates();
    for (OptionSpec option : descriptor.options()) {
      assertThat(option.name()).matches("[a-z][a-zA-Z0-9]*");
      assertThat(option.doc()).as("documentation of " + option.name()).endsWith(".");
      assertThat(option.required() && option.defaultValue() != null)
          .as(option.name() + " is required and has a default")
          .isFalse();
    }
    Map<String, Object> nothing = new HashMap<>();
    List<Diagnostic> problems = OptionParser.parse(descriptor, nothing).problems();
    assertThat(problems).as("defaults parse").allMatch(p -> p.code().equals("FLX-CONN-0003"));
    assertThat(problems)
        .as("exactly the required options are missing")
        .hasSize((int) descriptor.options().stream().filter(OptionSpec::required).count());
  }

  /** Every wrong option is reported, and by name. */
  public static void checkWrongOptions(ConnectorDescriptor descriptor) {
    Map<String, Object> wrong = new HashMap<>();
    for (OptionSpec option : descriptor.options()) {
      switch (option.type()) {
        case BOOLEAN, LONG, DOUBLE, DURATION, SIZE, MAP -> wrong.put(option.name(), "?nonsense");
        case PATH, LIST -> {}
        case STRING -> {
          if (!option.allowed().isEmpty()) {
            wrong.put(option.name(), "?nonsense");
          }
        }
      }
    }
    wrong.put("noSuchOption", 1);
    List<Diagnostic> problems = OptionParser.parse(descriptor, wrong).problems();
    for (String name : wrong.keySet()) {
      assertThat(problems)
          .as("a problem with " + name)
          .anySatisfy(
              p -> {
                assertThat(p.place().path()).isEqualTo(name);
                assertThat(p.remedy()).isNotEmpty();
              });
    }
  }
}
