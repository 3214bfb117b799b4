package io.fluxcore.examples.springapp;

import io.fluxcore.adapters.out.memory.MemorySinkConnector;
import io.fluxcore.application.FluxCoreService;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /revenue}: how the job is, and its latest results. */
@RestController
public class RevenueController {
  private static final int SHOWN = 9;

  private final FluxCoreService fluxCoreService;

  public RevenueController(FluxCoreService fluxCoreService) {
    this.fluxCoreService = fluxCoreService;
  }

  @GetMapping("/revenue")
  Board revenue() {
    JobId job = fluxCoreService.findJob(RevenueJob.NAME).orElseThrow();
    List<EventRecord> rows = MemorySinkConnector.rows(RevenueJob.NAME);
    return new Board(
        fluxCoreService.getJobStatus(job),
        rows.subList(Math.max(0, rows.size() - SHOWN), rows.size()).stream()
            .map(RevenueController::line)
            .toList());
  }

  private static Line line(EventRecord row) {
    return new Line(
        row.get("window_end"),
        row.getString("product"),
        row.getLong("orders"),
        row.getDecimal("revenue"));
  }

  /** What is shown. */
  record Board(JobStatus job, List<Line> latest) {}

  /** One product in five seconds. */
  record Line(
      @Nullable Object until,
      @Nullable String product,
      long orders,
      @Nullable BigDecimal revenue) {}
}
