package io.fluxcore.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.assertj.core.api.ListAssert;

/** What a rule says about a house. */
final class Verdict {

  private Verdict() {}

  static void assertObeyed(ArchRule rule, House house) {
    rule.check(house.classes());
  }

  /** Fails unless the house has classes and the rule finds something in them. */
  static ListAssert<String> assertCaught(ArchRule rule, House plantedHouse) {
    assertThat(plantedHouse.classes())
        .as("classes planted in %s", plantedHouse.base())
        .isNotEmpty();
    return assertThat(violations(rule, plantedHouse)).as("violations of: %s", rule).isNotEmpty();
  }

  static List<String> violations(ArchRule rule, House house) {
    return rule.evaluate(house.classes()).getFailureReport().getDetails();
  }
}
