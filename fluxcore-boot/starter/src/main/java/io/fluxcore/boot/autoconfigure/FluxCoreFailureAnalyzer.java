package io.fluxcore.boot.autoconfigure;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says what keeps an application from starting where FluxCore knows it: a property that cannot be,
 * a connector that is there twice or lacks its library, a declared job that cannot be run.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class FluxCoreFailureAnalyzer extends AbstractFailureAnalyzer<FluxCoreException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, FluxCoreException cause) {
    String description =
        cause.diagnostics().stream()
            .map(FluxCoreFailureAnalyzer::describe)
            .collect(Collectors.joining("\n", "FluxCore cannot start:\n\n", ""));
    String action =
        cause.diagnostics().stream()
            .map(Diagnostic::remedy)
            .filter(remedy -> !remedy.isEmpty())
            .distinct()
            .collect(Collectors.joining("\n"));
    return new FailureAnalysis(description, action.isEmpty() ? null : action, rootFailure);
  }

  private static String describe(Diagnostic finding) {
    String place = finding.place().toString();
    return "    "
        + (place.isEmpty() ? "" : place + ": ")
        + finding.message()
        + " ["
        + finding.code()
        + "]";
  }
}
