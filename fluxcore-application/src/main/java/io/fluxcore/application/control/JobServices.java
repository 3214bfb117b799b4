package io.fluxcore.application.control;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.job.InMemoryJobText;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.operation.InMemoryOperationStore;
import io.fluxcore.application.operation.OperationId;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.timetravel.TimeTravelSettings;
import io.fluxcore.application.view.MaterializedViews;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What {@link JobControl} works with.
 *
 * @param text writes topologies down
 * @param checkpoints where jobs make their state safe, and go on from
 * @param time of what happens
 * @param nanos a clock that nobody sets, such as {@link System#nanoTime}
 * @param ids a new, different id each time
 * @param server name of this server, different from all others and from its own in another life
 * @param lease how long the store lets a server have a job that it does not renew
 * @param timeTravel what looking into the past may take
 * @param sql reads SQL
 * @param views the materialised views of this process, which the planner's connectors write
 */
public record JobServices(
    Planner planner,
    JobRuntime runtime,
    JobStore store,
    JobText text,
    CheckpointStorage checkpoints,
    Operations operations,
    InstantSource time,
    LongSupplier nanos,
    Supplier<JobId> ids,
    String server,
    Duration lease,
    TimeTravelSettings timeTravel,
    SqlFrontEnd sql,
    MaterializedViews views) {
  /** With the usual limits of time travel, and without SQL. */
  public JobServices(
      Planner planner,
      JobRuntime runtime,
      JobStore store,
      JobText text,
      CheckpointStorage checkpoints,
      Operations operations,
      InstantSource time,
      LongSupplier nanos,
      Supplier<JobId> ids,
      String server,
      Duration lease) {
    this(
        planner,
        runtime,
        store,
        text,
        checkpoints,
        operations,
        time,
        nanos,
        ids,
        server,
        lease,
        TimeTravelSettings.DEFAULT,
        SqlFrontEnd.NONE,
        new MaterializedViews());
  }

  /** The same with other limits of time travel. */
  public JobServices withTimeTravel(TimeTravelSettings settings) {
    return new JobServices(
        planner,
        runtime,
        store,
        text,
        checkpoints,
        operations,
        time,
        nanos,
        ids,
        server,
        lease,
        settings,
        sql,
        views);
  }

  /**
   * The same with SQL.
   *
   * @param knownViews those that the planner's connectors write
   */
  public JobServices withSql(SqlFrontEnd frontEnd, MaterializedViews knownViews) {
    return new JobServices(
        planner,
        runtime,
        store,
        text,
        checkpoints,
        operations,
        time,
        nanos,
        ids,
        server,
        lease,
        timeTravel,
        frontEnd,
        knownViews);
  }

  /** Of a server that is alone, and keeps nothing beyond its life but what the store does. */
  public static JobServices inMemory(
      Planner planner,
      JobRuntime runtime,
      JobStore store,
      CheckpointStorage checkpoints,
      InstantSource time,
      Supplier<JobId> ids) {
    return new JobServices(
        planner,
        runtime,
        store,
        new InMemoryJobText(),
        checkpoints,
        new Operations(
            new InMemoryOperationStore(),
            time,
            () -> new OperationId("op_" + ids.get().value().substring("job_".length()))),
        time,
        () -> 0,
        ids,
        "this server",
        Duration.ofDays(1));
  }
}
