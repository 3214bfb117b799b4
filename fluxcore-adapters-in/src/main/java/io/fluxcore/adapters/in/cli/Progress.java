package io.fluxcore.adapters.in.cli;

import io.fluxcore.application.JobDetail;
import io.fluxcore.application.runtime.OperatorMetrics;
import java.util.List;
import java.util.Locale;

/** One line that says how far a job is, written over and over; only where a person watches. */
final class Progress {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final long start = System.nanoTime();
  private boolean shown;

  Progress(Terminal terminal) {
    this.terminal = terminal;
  }

  void show(JobDetail job) {
    List<OperatorMetrics> operators = job.metrics().operators();
    if (!terminal.errIsTerminal() || operators.isEmpty()) {
      return;
    }
    long read = operators.get(0).counts().rowsIn();
    double seconds = Math.max(0.001, (System.nanoTime() - start) / 1e9);
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%s%s %s  %,d read  %,.0f/s  %.0f s",
            CLEAR_LINE,
            job.config().name(),
            job.status(),
            read,
            read / seconds,
            seconds);
    terminal.err().flush();
    shown = true;
  }

  void clear() {
    if (shown) {
      terminal.err().print(CLEAR_LINE);
      terminal.err().flush();
    }
  }
}
