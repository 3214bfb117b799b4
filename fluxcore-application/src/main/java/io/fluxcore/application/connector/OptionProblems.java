package io.fluxcore.application.connector;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * What a connector finds wrong with options that parsed one by one but are out of range or do not
 * fit together; told all at once. Not thread-safe.
 */
public final class OptionProblems {
  private final String connector;
  private final List<Diagnostic> problems = new ArrayList<>();

  public OptionProblems(String connector) {
    this.connector = connector;
  }

  /** The option's value is wrong. */
  public void add(String option, String message, String remedy) {
    problems.add(
        Diagnostic.error(
            OptionParser.WRONG_VALUE,
            Place.of(option),
            "option '" + option + "' of connector '" + connector + "': " + message,
            remedy));
  }

  /** Adds a problem unless the value lies in the range. */
  public void range(String option, long value, long min, long max) {
    if (value < min || value > max) {
      add(option, value + " is out of range", "give a value from " + min + " to " + max);
    }
  }

  /** Adds a problem unless the value lies in the range. */
  public void range(String option, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      add(option, value + " is out of range", "give a value from " + min + " to " + max);
    }
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /**
   * Ends here if anything is wrong.
   *
   * @throws FluxCoreException with all problems
   */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
  }
}
