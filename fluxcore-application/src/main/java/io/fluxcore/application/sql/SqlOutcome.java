package io.fluxcore.application.sql;

import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a statement comes to. Immutable. */
public sealed interface SqlOutcome {
  /**
   * The session has changed.
   *
   * @param message in a sentence
   */
  record Done(String message) implements SqlOutcome {}

  /**
   * A listing or a text.
   *
   * @param columns names of the columns
   * @param rows their values, a text each
   */
  record Listing(List<String> columns, List<List<String>> rows) implements SqlOutcome {
    public Listing {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A job to be run.
   *
   * @param settings of the job, as they were set
   */
  record Job(StreamTopology topology, Map<String, String> settings) implements SqlOutcome {
    public Job {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * A query, whose rows somebody wants to read.
   *
   * @param topology without a sink
   * @param output the node that gives the rows
   * @param columns the names of their columns
   */
  record Query(
      StreamTopology topology, String output, List<String> columns, Map<String, String> settings)
      implements SqlOutcome {
    public Query {
      columns = List.copyOf(columns);
      settings = Map.copyOf(settings);
    }
  }

  /**
   * A query whose result is to be kept as a table.
   *
   * @param name of the view
   * @param ifNotExists without effect if there is one of this name
   * @param output the node that gives the rows
   * @param columns the names of their columns
   * @param key the columns that name a row of the table; none: those that are known to do so
   */
  record MaterializedView(
      String name,
      boolean ifNotExists,
      StreamTopology topology,
      String output,
      List<String> columns,
      List<String> key,
      Map<String, String> settings)
      implements SqlOutcome {
    public MaterializedView {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
      settings = Map.copyOf(settings);
    }
  }

  /**
   * A materialised view is to be gone.
   *
   * @param ifExists without effect if there is none of this name
   */
  record DropMaterializedView(String name, boolean ifExists) implements SqlOutcome {}

  /** Somebody wants to know the materialised views. */
  record ShowMaterializedViews() implements SqlOutcome {}

  /**
   * Somebody wants to know how a job or a query would be run.
   *
   * @param output the node that gives the rows of a query; null of a job
   * @param runFor how long it is to be run for that, if it does not end before; null: not at all
   */
  record Explanation(
      StreamTopology topology,
      @Nullable String output,
      Map<String, String> settings,
      @Nullable Duration runFor)
      implements SqlOutcome {
    public Explanation {
      settings = Map.copyOf(settings);
    }
  }
}
