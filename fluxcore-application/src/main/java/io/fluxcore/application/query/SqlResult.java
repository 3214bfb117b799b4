package io.fluxcore.application.query;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.util.List;

/** What a statement has come to. */
public sealed interface SqlResult {
  /** What is worth a warning. */
  default List<Diagnostic> warnings() {
    return List.of();
  }

  /**
   * The rows of a query.
   *
   * @throws FluxCoreException of category USER if it was none
   */
  default QueryRows rows() {
    throw FluxCoreException.user(
        "FLX-QUERY-0042",
        Place.WHOLE,
        "the statement gives no rows",
        "end the script with a query: SELECT …");
  }

  /**
   * The job that was started.
   *
   * @throws FluxCoreException of category USER if none was
   */
  default JobId jobId() {
    throw FluxCoreException.user(
        "FLX-QUERY-0043",
        Place.WHOLE,
        "the statement starts no job",
        "end the script with INSERT INTO … SELECT …, or CREATE MATERIALIZED VIEW");
  }

  /**
   * The workspace has changed.
   *
   * @param message in a sentence
   */
  record Done(String message) implements SqlResult {}

  /**
   * A listing.
   *
   * @param columns their names
   * @param cells a text for each column of each row
   */
  record Listing(List<String> columns, List<List<String>> cells) implements SqlResult {
    public Listing {
      columns = List.copyOf(columns);
      cells = cells.stream().map(List::copyOf).toList();
    }
  }

  /**
   * How a statement would be run, or has been.
   *
   * @param text in lines, for a person
   */
  record Plan(String text, List<Diagnostic> warnings) implements SqlResult {
    public Plan {
      warnings = List.copyOf(warnings);
    }
  }

  /** A job runs, which the service looks after like any other. */
  record Submitted(JobId jobId, String jobName, List<Diagnostic> warnings) implements SqlResult {
    public Submitted {
      warnings = List.copyOf(warnings);
    }
  }

  /** A query runs; whoever asked for it closes its rows. */
  record Query(QueryRows rows, List<Diagnostic> warnings) implements SqlResult, AutoCloseable {
    public Query {
      warnings = List.copyOf(warnings);
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
