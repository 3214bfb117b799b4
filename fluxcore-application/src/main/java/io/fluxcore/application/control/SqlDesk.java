package io.fluxcore.application.control;

import io.fluxcore.application.explain.PlanTree;
import io.fluxcore.application.explain.StateEstimates;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.planner.PlannedTopology;
import io.fluxcore.application.query.AnalysedRun;
import io.fluxcore.application.query.RunningQuery;
import io.fluxcore.application.query.SqlCheck;
import io.fluxcore.application.query.SqlResult;
import io.fluxcore.application.query.SqlWorkspace;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlJobSettings;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.application.view.MaterializedView;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the statements of one workspace on the jobs of this server. Not thread-safe. */
final class SqlDesk implements SqlWorkspace {
  /** Jobs of inserts that have no name of their own are numbered up to here. */
  private static final int MOST_NUMBERS = 1_000;

  private final JobServices services;
  private final JobControl jobs;
  private final ViewJobs views;
  private final SqlFrontEnd sql;
  private final SqlSession session;

  SqlDesk(JobServices services, JobControl jobs, ViewJobs views) {
    this.services = services;
    this.jobs = jobs;
    this.views = views;
    this.sql = services.sql();
    this.session = sql.newSession();
    for (MaterializedView view : services.views().all()) {
      define(view);
    }
  }

  /** Has statements read a materialised view as it is when they begin. */
  private void define(MaterializedView view) {
    if (!session.tables().contains(view.name())) {
      session.define(view.name(), view.schema(), view.key(), ViewJobs.source(view.name()));
    }
  }

  @Override
  public List<SqlStatement> statements(String script) {
    return sql.statements(script);
  }

  @Override
  public boolean isComplete(String text) {
    return sql.isComplete(text);
  }

  @Override
  public List<String> tables() {
    return session.tables();
  }

  @Override
  public List<String> columns(String table) {
    return session.columns(table);
  }

  @Override
  public SqlOutcome understand(SqlStatement statement) {
    try {
      return session.execute(statement);
    } catch (FluxCoreException e) {
      throw statement.located(e);
    }
  }

  @Override
  public SqlResult perform(SqlOutcome outcome, SqlStatement statement) {
    try {
      return result(outcome);
    } catch (FluxCoreException e) {
      throw statement.located(e);
    }
  }

  private SqlResult result(SqlOutcome outcome) {
    if (outcome instanceof SqlOutcome.Done done) {
      return new SqlResult.Done(done.message());
    } else if (outcome instanceof SqlOutcome.Listing listing) {
      return new SqlResult.Listing(listing.columns(), listing.rows());
    } else if (outcome instanceof SqlOutcome.Job job) {
      return submit(job);
    } else if (outcome instanceof SqlOutcome.Query query) {
      return query(query);
    } else if (outcome instanceof SqlOutcome.MaterializedView view) {
      return materialize(view);
    } else if (outcome instanceof SqlOutcome.DropMaterializedView drop) {
      return drop(drop);
    } else if (outcome instanceof SqlOutcome.ShowMaterializedViews) {
      return new SqlResult.Listing(List.of("view name", "key", "rows"), views.listing());
    }
    return explain((SqlOutcome.Explanation) outcome);
  }

  // --- Queries ----------------------------------------------------------------------------------

  private SqlResult query(SqlOutcome.Query query) {
    JobId id = services.ids().get();
    JobConfig config = SqlJobSettings.jobConfig(query.settings(), "query-" + id.value());
    RunningQuery running =
        RunningQuery.start(
            query.topology(),
            query.output(),
            config,
            id,
            services.planner(),
            services.runtime(),
            services.time());
    return new SqlResult.Query(running, StateEstimates.of(running.planned()).warnings());
  }

  @Override
  public boolean addsOnly(SqlOutcome.Query query) {
    JobConfig config = SqlJobSettings.jobConfig(query.settings(), "query");
    return planned(explained(query.topology(), query.output()), config)
        .analysis()
        .changes(PortRef.parse(query.output()))
        .isAppend();
  }

  @Override
  public List<Diagnostic> warnings(SqlOutcome outcome) {
    if (outcome instanceof SqlOutcome.Query query) {
      return warnings(explained(query.topology(), query.output()), query.settings());
    }
    return outcome instanceof SqlOutcome.Job job
        ? warnings(job.topology(), job.settings())
        : List.of();
  }

  private List<Diagnostic> warnings(StreamTopology topology, Map<String, String> settings) {
    JobConfig config = SqlJobSettings.jobConfig(settings, "warnings");
    return StateEstimates.of(planned(topology, config)).warnings();
  }

  // --- Jobs -------------------------------------------------------------------------------------

  private SqlResult submit(SqlOutcome.Job job) {
    String name = SqlJobSettings.name(job.settings());
    if (name != null) {
      return submitted(job.topology(), SqlJobSettings.jobConfig(job.settings(), name));
    }
    String base = "insert-into-" + String.join("-", sinks(job.topology()));
    for (int number = 1; ; number++) {
      String numbered = number == 1 ? base : base + "-" + number;
      try {
        return submitted(job.topology(), SqlJobSettings.jobConfig(job.settings(), numbered));
      } catch (FluxCoreException e) {
        // Another insert into the same table runs under this name.
        if (e.category() != ErrorCategory.STATE_CONFLICT
            || jobs.findJob(numbered).isEmpty()
            || number == MOST_NUMBERS) {
          throw e;
        }
      }
    }
  }

  private static List<String> sinks(StreamTopology topology) {
    return topology.nodes().stream()
        .filter(node -> node.config() instanceof SinkConfig)
        .map(TopologyNode::name)
        .toList();
  }

  private SqlResult submitted(StreamTopology topology, JobConfig config) {
    JobId id = jobs.submitJob(topology, config);
    return new SqlResult.Submitted(
        id, config.name(), StateEstimates.of(planned(topology, config)).warnings());
  }

  private PlannedTopology planned(StreamTopology topology, JobConfig config) {
    return services.planner().planned(topology, services.runtime().complete(config));
  }

  // --- Materialised views -----------------------------------------------------------------------

  private SqlResult materialize(SqlOutcome.MaterializedView view) {
    if (views.exists(view.name())) {
      if (view.ifNotExists()) {
        return new SqlResult.Done("'" + view.name() + "' is there already.");
      }
      throw FluxCoreException.conflict(
          "FLX-QUERY-0021",
          Place.of("'" + view.name() + "'"),
          "there is a materialised view '" + view.name() + "' already",
          "choose another name, DROP MATERIALIZED VIEW it first, or write IF NOT EXISTS");
    }
    if (session.tables().contains(view.name())) {
      throw FluxCoreException.conflict(
          "FLX-QUERY-0021",
          Place.of("'" + view.name() + "'"),
          "there is a table or view '" + view.name() + "' already",
          "choose another name, or DROP it first");
    }
    StreamTopology topology = ViewJobs.topology(view);
    JobConfig config = ViewJobs.config(view);
    views.announce(view, planned(topology, config));
    SqlResult result;
    try {
      result = submitted(topology, config);
    } catch (FluxCoreException e) {
      views.forget(view.name());
      throw e;
    }
    define(views.get(view.name()));
    return result;
  }

  private SqlResult drop(SqlOutcome.DropMaterializedView drop) {
    boolean wasThere = views.drop(drop.name());
    if (!wasThere && !drop.ifExists()) {
      MaterializedView unused = views.get(drop.name()); // says that there is none
    }
    session.forget(drop.name());
    return new SqlResult.Done(
        wasThere
            ? "Materialised view '" + drop.name() + "' is dropped."
            : "There was no '" + drop.name() + "'.");
  }

  // --- Plans ------------------------------------------------------------------------------------

  private SqlResult explain(SqlOutcome.Explanation explanation) {
    StreamTopology topology = explained(explanation.topology(), explanation.output());
    JobConfig config =
        services.runtime().complete(SqlJobSettings.jobConfig(explanation.settings(), "explain"));
    PlannedTopology planned = services.planner().planned(topology, config);
    List<Diagnostic> warnings = StateEstimates.of(planned).warnings();
    if (explanation.runFor() == null) {
      return new SqlResult.Plan(
          PlanTree.print(planned) + "\n" + PlanPrinter.print(planned.plan()), warnings);
    }
    AnalysedRun run =
        AnalysedRun.of(
            topology,
            config,
            services.ids().get(),
            services.planner(),
            services.runtime(),
            services.time(),
            Objects.requireNonNull(explanation.runFor()));
    return new SqlResult.Plan(
        PlanTree.print(run.planned(), run.metrics()) + "\n" + run.describe() + "\n", warnings);
  }

  /** A query is explained with a sink that takes its rows. */
  private static StreamTopology explained(StreamTopology topology, @Nullable String output) {
    return output == null
        ? topology
        : topology.withSink(RunningQuery.sinkName(topology), AnalysedRun.reader(), output);
  }

  @Override
  public List<SqlCheck> check(String script) {
    List<SqlCheck> checks = new ArrayList<>();
    for (SqlStatement statement : sql.statements(script)) {
      checks.add(check(statement));
    }
    return List.copyOf(checks);
  }

  private SqlCheck check(SqlStatement statement) {
    try {
      SqlCheck check = check(statement, session.execute(statement));
      return new SqlCheck(
          check.statement(),
          check.kind(),
          check.columns(),
          check.plan(),
          check.diagnostics().stream().map(statement::located).toList());
    } catch (FluxCoreException e) {
      return new SqlCheck(statement, null, null, null, statement.located(e).diagnostics());
    }
  }

  private SqlCheck check(SqlStatement statement, SqlOutcome outcome) {
    if (outcome instanceof SqlOutcome.Job job) {
      return planned(statement, SqlCheck.Kind.INSERT, job.topology(), null, job.settings());
    } else if (outcome instanceof SqlOutcome.Query query) {
      return planned(
          statement, SqlCheck.Kind.QUERY, query.topology(), query.output(), query.settings());
    } else if (outcome instanceof SqlOutcome.Explanation explanation) {
      return planned(
          statement,
          SqlCheck.Kind.EXPLANATION,
          explanation.topology(),
          explanation.output(),
          explanation.settings());
    } else if (outcome instanceof SqlOutcome.MaterializedView view) {
      SqlCheck check =
          planned(
              statement,
              SqlCheck.Kind.MATERIALIZED_VIEW,
              view.topology(),
              view.output(),
              view.settings());
      if (check.columns() != null && !session.tables().contains(view.name())) {
        session.define(view.name(), check.columns(), view.key(), ViewJobs.source(view.name()));
      }
      return check;
    }
    boolean isListing =
        outcome instanceof SqlOutcome.Listing
            || outcome instanceof SqlOutcome.ShowMaterializedViews;
    return new SqlCheck(
        statement,
        isListing ? SqlCheck.Kind.LISTING : SqlCheck.Kind.DEFINITION,
        null,
        null,
        List.of());
  }

  private SqlCheck planned(
      SqlStatement statement,
      SqlCheck.Kind kind,
      StreamTopology topology,
      @Nullable String output,
      Map<String, String> settings) {
    PlannedTopology planned =
        planned(explained(topology, output), SqlJobSettings.jobConfig(settings, "check"));
    return new SqlCheck(
        statement,
        kind,
        output == null ? null : columns(planned, output),
        PlanTree.print(planned),
        StateEstimates.of(planned).warnings());
  }

  private static Schema columns(PlannedTopology planned, String output) {
    Schema schema = planned.analysis().output(PortRef.parse(output));
    if (schema == null) {
      throw new IllegalStateException("a planned node has fields: " + output);
    }
    return schema;
  }
}
