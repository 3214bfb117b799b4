package io.fluxcore.domain.error;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors that FluxCore raises on purpose. Holds one or more {@link Diagnostic}s;
 * the message lists them all, so that nothing has to be found one error at a time.
 */
public class FluxCoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCategory category;
  private final transient List<Diagnostic> diagnostics;

  public FluxCoreException(
      ErrorCategory category, List<Diagnostic> diagnostics, @Nullable Throwable cause) {
    super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")), cause);
    if (diagnostics.isEmpty()) {
      throw new IllegalArgumentException("an error needs at least one diagnostic");
    }
    this.category = category;
    this.diagnostics = List.copyOf(diagnostics);
  }

  public FluxCoreException(ErrorCategory category, Diagnostic diagnostic) {
    this(category, List.of(diagnostic), null);
  }

  /** An error of the request. */
  public static FluxCoreException user(String code, Place place, String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.USER, Diagnostic.error(code, place, message, remedy));
  }

  /** What was asked for does not go together with how things are now. */
  public static FluxCoreException conflict(
      String code, Place place, String message, String remedy) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT, Diagnostic.error(code, place, message, remedy));
  }

  public ErrorCategory category() {
    return category;
  }

  /** The code of the first finding. */
  public String code() {
    return diagnostics.get(0).code();
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
